package radedit.undertest;

import java.time.Duration;

/**
 * How a model behind HTTP is asked.
 *
 * @param form
 *            of the requests
 * @param batch
 *            films a request, 1 to 64; always 1 for {@link Form#MULTIPART}
 * @param concurrency
 *            requests at a time, 1 to 64
 * @param connectTimeout
 *            for a connection
 * @param timeout
 *            for a whole request with its response
 * @param retries
 *            further attempts when the server does not accept a connection, breaks it, or answers with a status of 500
 *            to 599; 0 to 10
 * @param retryDelay
 *            before the first of these; doubled before each further one
 * @param responseLimit
 *            bytes of the largest response
 * @param authorization
 *            name of the environment variable whose value is sent as the header {@code Authorization}; empty for none
 */
public record HttpOptions(Form form, int batch, int concurrency, Duration connectTimeout, Duration timeout, int retries,
        Duration retryDelay, int responseLimit, String authorization) {
    /** Form of a request. */
    public enum Form {
        /** {@code application/json}: {@code {"images": [PNG in base64, ...]}}. */
        JSON,
        /** {@code multipart/form-data}: one part {@code image}, a file {@code film.png} of {@code image/png}. */
        MULTIPART
    }

    /** JSON, 8 films a request, 2 requests at a time, 10 s to connect, 2 minutes a request, 3 retries from 0.5 s on. */
    public static final HttpOptions DEFAULT = new HttpOptions(Form.JSON, 8, 2, Duration.ofSeconds(10),
            Duration.ofMinutes(2), 3, Duration.ofMillis(500), 64 << 20, "");

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException
     *             if one is out of its range, or a time not positive
     */
    public HttpOptions {
        if (batch < 1 || batch > 64 || concurrency < 1 || concurrency > 64 || retries < 0 || retries > 10
                || !connectTimeout.isPositive() || !timeout.isPositive() || retryDelay.isNegative()
                || responseLimit < 1 || responseLimit > 1 << 30) {
            throw new IllegalArgumentException("batch " + batch + ", concurrency " + concurrency + ", retries "
                    + retries + ", times " + connectTimeout + ", " + timeout + ", " + retryDelay + ", limit "
                    + responseLimit);
        }
    }

    /**
     * {@return these with another form}
     *
     * @param newForm
     *            of the requests
     */
    public HttpOptions withForm(Form newForm) {
        return new HttpOptions(newForm, batch, concurrency, connectTimeout, timeout, retries, retryDelay,
                responseLimit, authorization);
    }

    /**
     * {@return these with a header {@code Authorization}}
     *
     * @param variable
     *            name of the environment variable that has its value
     */
    public HttpOptions withAuthorization(String variable) {
        return new HttpOptions(form, batch, concurrency, connectTimeout, timeout, retries, retryDelay, responseLimit,
                variable);
    }

    /**
     * {@return these with other times}
     *
     * @param newTimeout
     *            for a whole request with its response
     * @param newRetries
     *            further attempts
     * @param newRetryDelay
     *            before the first of these
     */
    public HttpOptions withTimes(Duration newTimeout, int newRetries, Duration newRetryDelay) {
        return new HttpOptions(form, batch, concurrency, connectTimeout, newTimeout, newRetries, newRetryDelay,
                responseLimit, authorization);
    }
}

#!/bin/bash
# Makes the certificates of this folder, with OpenSSL: a private authority, another one, and a server's certificate by the first.
cd "$(dirname "$(readlink -f "$0")")" || exit 1
for name in ca other; do
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout $name.key -out $name.pem -days 36500 \
        -subj "/CN=Private CA ($name)"
done
openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout server.key -out server.csr -subj "/CN=localhost"
printf 'subjectAltName=DNS:localhost\n' > server.ext
openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out server.pem -days 36500 -extfile server.ext
openssl pkcs12 -export -in server.pem -inkey server.key -out server.p12 -passout pass:test
{
    printf '# A bundle as system administrators keep it.\r\n\r\nOther authority\r\n===============\r\n'
    sed 's/$/\r/' other.pem
    printf '\r\n# ours: \303\274ber alles\r\n'
    openssl x509 -in ca.pem -text
    printf -- '-----BEGIN CERTIFICATE-----\nbm8gY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----\n'
} > bundle.pem
rm -f ./*.key ./*.csr ./*.ext ./*.srl server.pem

package radedit.diffusion;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

import radedit.tensor.Latents;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;

/** Latents as on a device with little room: how many are live is counted, and none is used after it was closed. */
final class CountedLatents {
    private final Set<One> live = new HashSet<>();
    private int peak;

    private final class One implements Latents {
        private final Tensor values;

        One(Tensor values) {
            this.values = values;
            live.add(this);
            peak = Math.max(peak, live.size());
        }

        @Override
        public Shape shape() {
            return values.shape();
        }

        @Override
        public Tensor toTensor() {
            if (!live.contains(this)) {
                throw new IllegalStateException("was closed");
            }
            return values;
        }

        @Override
        public Latents sum(double[] factors, Latents... others) {
            Latents[] host = new Latents[others.length];
            for (int i = 0; i < host.length; i++) {
                host[i] = others[i].toTensor();
            }
            return new One(toTensor().sum(factors, host).toTensor());
        }

        @Override
        public Latents clamp(double range) {
            return new One(toTensor().clamp(range).toTensor());
        }

        @Override
        public Latents where(Tensor mask, Latents other) {
            return new One(toTensor().where(mask, other.toTensor()).toTensor());
        }

        @Override
        public void close() {
            live.remove(this);
        }
    }

    int peak() {
        return peak;
    }

    int live() {
        return live.size();
    }

    /** Closes the latents with these values. */
    @SuppressWarnings("ReferenceEquality") // the very tensor
    void closeHolding(Tensor values) {
        live.removeIf(l -> l.values == values);
    }

    /** A network on these latents; each prediction is made of latent, timestep and text. */
    NoisePredictor predictor(Function<Call, Tensor> network) {
        return new NoisePredictor() {
            @Override
            public List<Latents> predict(List<Latents> latents, double[] timesteps, List<Tensor> contexts) {
                if (latents.size() != timesteps.length || contexts.size() != timesteps.length) {
                    throw new IllegalStateException("a batch of different lengths");
                }
                List<Latents> out = new ArrayList<>();
                for (int i = 0; i < timesteps.length; i++) {
                    out.add(new One(network
                            .apply(new Call(latents.get(i).toTensor(), timesteps[i], contexts.get(i)))));
                }
                return out;
            }

            @Override
            public Latents put(Tensor latents) {
                return new One(latents);
            }
        };
    }

    /** What the network is asked. */
    record Call(Tensor latent, double timestep, Tensor context) {
        /** Something that depends on all three. */
        Tensor answer() {
            double c = context.data()[0];
            return latent.map(v -> Math.sin(v + timestep + c));
        }
    }
}

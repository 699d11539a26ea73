package radedit.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import radedit.weights.WeightsException;

/** Untrusted configurations: a setting that is not supported is refused by name before a network is built. */
class ConfigReaderTest {
    @TempDir
    Path temp;

    private void refused(Function<Path, ?> read, String file, String json, String key) throws IOException {
        Path config = Files.writeString(temp.resolve(file), json);
        WeightsException e = assertThrows(WeightsException.class, () -> read.apply(temp), json);
        assertTrue(e.getMessage().startsWith(config + ": ") && e.getMessage().contains(key), e.getMessage());
        assertEquals(1, e.getMessage().lines().count());
    }

    @Test
    void numbersOutOfRange() throws IOException {
        for (String json : new String[]{"{\"norm_eps\": -1}", "{\"norm_eps\": \"x\"}", "{\"norm_eps\": 1e999}"}) {
            refused(UNetConfig::read, "config.json", json, "norm_eps");
        }
        refused(UNetConfig::read, "config.json", "{\"layers_per_block\": 60000}", "layers_per_block");
        refused(UNetConfig::read, "config.json", "{\"layers_per_block\": [1, 2, 3, 257]}", "layers_per_block");
        refused(UNetConfig::read, "config.json", "{\"layers_per_block\": [1, 2]}", "layers_per_block");
        refused(UNetConfig::read, "config.json", "{\"in_channels\": 0}", "in_channels");
        refused(VaeConfig::read, "config.json", "{\"scaling_factor\": 0}", "scaling_factor");
        refused(CxrBertConfig::read, "config.json", "{\"num_hidden_layers\": 1000}", "num_hidden_layers");
        refused(SchedulerConfig::read, "scheduler_config.json", "{\"beta_end\": 2}", "beta_end");
        refused(SchedulerConfig::read, "scheduler_config.json", "{\"steps_offset\": -1}", "steps_offset");
    }

    @Test
    void anotherArchitecture() throws IOException {
        refused(UNetConfig::read, "config.json", "{\"_class_name\": \"Other\"}", "_class_name");
        refused(UNetConfig::read, "config.json", "{\"dual_cross_attention\": true}", "dual_cross_attention");
        refused(UNetConfig::read, "config.json", "{\"a_new_trick\": 1}", "a_new_trick");
    }
}

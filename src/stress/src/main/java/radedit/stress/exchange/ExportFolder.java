package radedit.stress.exchange;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import radedit.files.OutputFolder;
import radedit.stress.RunException;

/** The folder of an export: complete, or not there at all. */
final class ExportFolder implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final ObjectWriter INDENTED = JSON.writer(SerializationFeature.INDENT_OUTPUT);

    private final OutputFolder folder;
    private int pictures;

    private ExportFolder(OutputFolder folder) {
        this.folder = folder;
    }

    /**
     * @throws RunException
     *             if the folder is not empty
     */
    static ExportFolder begin(Path target) throws IOException {
        OutputFolder.check(target);
        if (Files.isDirectory(target)) {
            try (DirectoryStream<Path> inside = Files.newDirectoryStream(target)) {
                if (inside.iterator().hasNext()) {
                    throw new RunException(target + ": is not empty; choose a new folder");
                }
            }
        }
        return new ExportFolder(OutputFolder.begin(target));
    }

    /** Adds a picture: another name of the same file where the file system has that, else a copy. */
    void picture(Path source, String name) throws IOException {
        Path target = file(name);
        Path actual = source.toRealPath();
        try {
            Files.createLink(target, actual);
        } catch (IOException | UnsupportedOperationException e) {
            Files.copy(actual, target);
        }
        pictures++;
    }

    /** Adds JSON lines. */
    void jsonLines(String name, List<?> records) throws IOException {
        try (Writer out = Files.newBufferedWriter(file(name))) {
            for (Object r : records) {
                out.write(JSON.writeValueAsString(r));
                out.write('\n');
            }
        }
    }

    /** Adds one JSON document. */
    void json(String name, Object value) throws IOException {
        Files.write(file(name), INDENTED.writeValueAsBytes(value));
    }

    /** Adds a table, as pandas and Python's csv read it. */
    void csv(String name, List<String> header, List<List<String>> rows) throws IOException {
        try (Writer text = new OutputStreamWriter(Files.newOutputStream(file(name)), StandardCharsets.UTF_8);
                CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(text)) {
            csv.writeRecord(header);
            rows.forEach(csv::writeRecord);
        }
    }

    private Path file(String name) throws IOException {
        Path file = folder.path().resolve(name);
        Files.createDirectories(file.getParent());
        return file;
    }

    /** {@return the number of pictures} */
    int pictures() {
        return pictures;
    }

    void commit() throws IOException {
        folder.commit();
    }

    @Override
    public void close() {
        folder.close();
    }
}

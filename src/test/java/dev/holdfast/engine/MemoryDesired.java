package dev.holdfast.engine;

import dev.holdfast.desired.DesiredCompiler;
import dev.holdfast.desired.DesiredSource;
import dev.holdfast.desired.LoadResult;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.kind.TestKinds;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A desired state in files in memory, which is compiled again when a file changes. */
final class MemoryDesired implements DesiredSource {
    private final Map<String, byte[]> files = new TreeMap<>();
    private @Nullable Map<String, LoadResult> compiled;
    private boolean settling;
    private KindCatalog kinds = TestKinds.all();

    @Override
    public LoadResult read(String stack) {
        if (settling) {
            return new LoadResult.UnsettledSource("it is being synced");
        }
        Map<String, LoadResult> all = compiled;
        if (all == null) {
            all = new DesiredCompiler(kinds).compile(files);
            compiled = all;
        }
        LoadResult loaded = all.get(stack);
        return loaded != null ? loaded : new LoadResult.NoDesiredState("there is no stack " + stack);
    }

    @Override
    public List<String> stacks() {
        read("test");
        Map<String, LoadResult> all = compiled;
        return all == null ? List.of() : List.copyOf(all.keySet());
    }

    @Override
    public String location() {
        return "memory";
    }

    void put(String path, @Nullable String text) {
        if (text == null) {
            files.remove(path);
        } else {
            files.put(path, text.getBytes(StandardCharsets.UTF_8));
        }
        compiled = null;
    }

    /** The text of a file, or null if the file does not exist. */
    @Nullable
    String text(String path) {
        byte[] file = files.get(path);
        return file == null ? null : new String(file, StandardCharsets.UTF_8);
    }

    /** Sets the kinds with which the documents are checked from now on. */
    void checkedBy(KindCatalog others) {
        kinds = others;
        compiled = null;
    }

    /** Sets whether another process is changing the desired state at the moment. */
    void settling(boolean yes) {
        settling = yes;
    }
}

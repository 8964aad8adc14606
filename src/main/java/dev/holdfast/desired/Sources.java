package dev.holdfast.desired;

import dev.holdfast.model.ResourceId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The files of a desired state, each read once. */
final class Sources {
    /**
     * A file, read.
     *
     * @param documents empty if its JSON is broken
     * @param text as it stands
     */
    record Source(String file, List<Located> documents, List<Problem> problems, String text) {
        boolean broken() {
            return documents.isEmpty() && !problems.isEmpty();
        }

        /** Whether a broken file may declare this: both words stand in it. */
        boolean mayDeclare(ResourceId id) {
            return broken() && text.contains('"' + id.kind() + '"') && text.contains('"' + id.name() + '"');
        }

        /** Whether a broken file was to declare a stack. */
        boolean mayDeclareStack() {
            return broken() && (isNamedStack() || text.contains("\"Stack\""));
        }

        boolean isNamedStack() {
            return file.equals("stack.json") || file.endsWith("/stack.json");
        }
    }

    private final Map<String, Source> sources = new TreeMap<>();

    /** @param files by path relative to the root; what does not end in .json is left aside */
    Sources(Map<String, byte[]> files) {
        files.forEach((file, content) -> {
            if (file.endsWith(".json")) {
                List<Problem> problems = new ArrayList<>();
                List<Located> documents = LocatedReader.read(file, content, problems);
                sources.put(file, new Source(file, documents, problems, new String(content, StandardCharsets.UTF_8)));
            }
        });
    }

    Set<String> files() {
        return sources.keySet();
    }

    Iterable<Source> all() {
        return sources.values();
    }

    Source get(String file) {
        Source source = sources.get(file);
        if (source == null) {
            throw new IllegalArgumentException("no file " + file);
        }
        return source;
    }

    static boolean isStack(@Nullable Located document) {
        return document instanceof Located.Obj o && Documents.STACK.equals(o.text("kind"));
    }

    /** The folder that a file lies in, empty for the root. */
    static String folder(String file) {
        int slash = file.lastIndexOf('/');
        return slash < 0 ? "" : file.substring(0, slash);
    }
}

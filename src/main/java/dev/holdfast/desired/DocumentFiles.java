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
final class DocumentFiles {
    /**
     * A file, read.
     *
     * @param documents empty if its JSON is broken
     * @param text as it stands
     */
    record DocumentFile(String file, List<LocatedJson> documents, List<Problem> problems, String text) {
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

    private final Map<String, DocumentFile> sources = new TreeMap<>();

    /** @param files by path relative to the root; what does not end in .json is left aside */
    DocumentFiles(Map<String, byte[]> files) {
        files.forEach((file, content) -> {
            if (file.endsWith(".json")) {
                List<Problem> problems = new ArrayList<>();
                List<LocatedJson> documents = LocatedJsonReader.read(file, content, problems);
                sources.put(
                        file, new DocumentFile(file, documents, problems, new String(content, StandardCharsets.UTF_8)));
            }
        });
    }

    Set<String> files() {
        return sources.keySet();
    }

    Iterable<DocumentFile> all() {
        return sources.values();
    }

    DocumentFile get(String file) {
        DocumentFile source = sources.get(file);
        if (source == null) {
            throw new IllegalArgumentException("no file " + file);
        }
        return source;
    }

    static boolean isStack(@Nullable LocatedJson document) {
        return document instanceof LocatedJson.Obj o && Documents.STACK.equals(o.text("kind"));
    }

    /** The folder that a file lies in, empty for the root. */
    static String folder(String file) {
        int slash = file.lastIndexOf('/');
        return slash < 0 ? "" : file.substring(0, slash);
    }
}

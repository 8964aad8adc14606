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
     * A file that was read.
     *
     * @param documents empty if the file is not valid JSON
     * @param text the content
     */
    record DocumentFile(String file, List<LocatedJson> documents, List<Problem> problems, String text) {
        boolean broken() {
            return documents.isEmpty() && !problems.isEmpty();
        }

        /** Whether a file with invalid JSON may declare the resource: both its kind and its name occur in the text. */
        boolean mayDeclare(ResourceId id) {
            return broken() && text.contains('"' + id.kind() + '"') && text.contains('"' + id.name() + '"');
        }

        /** Whether a file with invalid JSON was probably meant to declare a stack. */
        boolean mayDeclareStack() {
            return broken() && (isNamedStack() || text.contains("\"Stack\""));
        }

        boolean isNamedStack() {
            return file.equals("stack.json") || file.endsWith("/stack.json");
        }
    }

    private final Map<String, DocumentFile> sources = new TreeMap<>();

    /**
     * @param files the content of each file by its path relative to the root; files that do not end in .json are
     *     ignored, but for documents that somebody wrote as YAML
     */
    DocumentFiles(Map<String, byte[]> files) {
        files.forEach((file, content) -> {
            if (file.endsWith(".json")) {
                List<Problem> problems = new ArrayList<>();
                List<LocatedJson> documents = LocatedJsonReader.read(file, content, problems);
                sources.put(
                        file, new DocumentFile(file, documents, problems, new String(content, StandardCharsets.UTF_8)));
            } else if (isYaml(file)) {
                String text = new String(content, StandardCharsets.UTF_8);
                if (text.contains("holdfast.dev/")) {
                    Problem problem = new SourceLocation(file, 1, 1, "")
                            .problem("documents are JSON files, found YAML", "write it as JSON");
                    sources.put(file, new DocumentFile(file, List.of(), List.of(problem), text));
                }
            }
        });
    }

    static boolean isYaml(String file) {
        return file.endsWith(".yaml") || file.endsWith(".yml");
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

    /** The folder that contains the file, empty for the root. */
    static String folder(String file) {
        int slash = file.lastIndexOf('/');
        return slash < 0 ? "" : file.substring(0, slash);
    }
}

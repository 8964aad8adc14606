package dev.holdfast.desired;

import dev.holdfast.model.ResourceId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The files of a desired state, each parsed at most once. */
final class DocumentFiles {
    /** A file, which is parsed when its documents are first needed. */
    static final class DocumentFile {
        private final String file;
        private final byte[] content;
        private final List<Problem> problems = new ArrayList<>();
        private @Nullable List<LocatedJson> documents;

        private DocumentFile(String file, byte[] content) {
            this.file = file;
            this.content = content;
        }

        String file() {
            return file;
        }

        /** The documents of the file; empty if the file is not valid JSON. */
        synchronized List<LocatedJson> documents() {
            List<LocatedJson> known = documents;
            if (known == null) {
                known = isYaml(file) ? yaml() : LocatedJsonReader.read(file, content, problems);
                documents = known;
            }
            return known;
        }

        private List<LocatedJson> yaml() {
            problems.add(new SourceLocation(file, 1, 1, "")
                    .problem("documents are JSON files, found YAML", "write it as JSON"));
            return List.of();
        }

        List<Problem> problems() {
            documents();
            return List.copyOf(problems);
        }

        /** A file without this text declares no stack, and is not parsed until a stack includes it. */
        boolean mentionsStack() {
            return isNamedStack() || text().contains("\"Stack\"");
        }

        private String text() {
            return new String(content, StandardCharsets.UTF_8);
        }

        private boolean broken() {
            return documents().isEmpty() && !problems().isEmpty();
        }

        /** Whether a file with invalid JSON may declare the resource: both its kind and its name occur in the text. */
        boolean mayDeclare(ResourceId id) {
            return broken() && text().contains('"' + id.kind() + '"') && text().contains('"' + id.name() + '"');
        }

        /** Whether a file with invalid JSON was probably meant to declare a stack. */
        boolean mayDeclareStack() {
            return mentionsStack() && broken();
        }

        boolean isNamedStack() {
            return file.equals("stack.json") || file.endsWith("/stack.json");
        }
    }

    private final Map<String, DocumentFile> sources = new TreeMap<>();

    /**
     * @param files the content of each file by its path relative to the root; files that do not end in .json are
     *     ignored, except YAML files that seem to contain documents: they are reported
     */
    DocumentFiles(Map<String, byte[]> files) {
        files.forEach((file, content) -> {
            DocumentFile source = new DocumentFile(file, content);
            if (file.endsWith(".json") || (isYaml(file) && source.text().contains("holdfast.dev/"))) {
                sources.put(file, source);
            }
        });
    }

    static boolean isYaml(String file) {
        return file.endsWith(".yaml") || file.endsWith(".yml");
    }

    Set<String> names() {
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

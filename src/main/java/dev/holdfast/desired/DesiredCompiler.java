package dev.holdfast.desired;

import dev.holdfast.composites.Composites;
import dev.holdfast.kind.KindCatalog;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Compiles a directory of documents into the desired state of each stack in it. Pure, apart from reading the files. */
public final class DesiredCompiler {
    private final KindCatalog catalog;
    private final Composites composites;

    public DesiredCompiler(KindCatalog catalog) {
        this(catalog, Composites.ALL);
    }

    DesiredCompiler(KindCatalog catalog, Composites composites) {
        this.catalog = catalog;
        this.composites = composites;
    }

    /**
     * @param root the root of the desired state
     * @return the results by stack; a stack whose own document cannot be read has the name of its folder
     * @throws UncheckedIOException if the directory cannot be read
     */
    public Map<String, LoadResult> compile(Path root) {
        return compile(files(root));
    }

    /** @param files the content of each file by its path relative to the root, with forward slashes */
    public Map<String, LoadResult> compile(Map<String, byte[]> files) {
        StackSet stacks = stacks(files);
        Map<String, LoadResult> loaded = new TreeMap<>();
        stacks.names().forEach(name -> loaded.put(name, Objects.requireNonNull(stacks.read(name))));
        return loaded;
    }

    /** The stacks that the files declare, not compiled yet. */
    StackSet stacks(Map<String, byte[]> files) {
        DocumentFiles sources = new DocumentFiles(files);
        Map<String, List<StackCompiler>> declared = new TreeMap<>();
        Map<String, List<Problem>> broken = new TreeMap<>();
        for (DocumentFiles.DocumentFile source : sources.all()) {
            if (!source.mentionsStack()) {
                continue;
            }
            String folder = DocumentFiles.folder(source.file());
            String fallback = usable(folder.substring(folder.lastIndexOf('/') + 1), "stack");
            if (source.mayDeclareStack()) {
                broken.computeIfAbsent(fallback, k -> new ArrayList<>()).addAll(source.problems());
            } else if (source.isNamedStack() && source.documents().stream().noneMatch(DocumentFiles::isStack)) {
                // The file's name shows that it is meant to declare a stack: a typo in its kind must not make the stack
                // disappear.
                Problem problem = new Problem(
                        source.file(), 1, 1, "/kind", "expected a document of kind Stack", "write \"kind\": \"Stack\"");
                broken.computeIfAbsent(fallback, k -> new ArrayList<>()).add(problem);
            }
            for (LocatedJson document : source.documents()) {
                if (document instanceof LocatedJson.Obj stack && DocumentFiles.isStack(document)) {
                    StackCompiler compiler = new StackCompiler(catalog, composites, sources, source, stack);
                    String name = usable(compiler.name(), fallback);
                    declared.computeIfAbsent(name, k -> new ArrayList<>()).add(compiler);
                }
            }
        }
        Map<String, Supplier<LoadResult>> stacks = new TreeMap<>();
        declared.forEach((name, compilers) -> stacks.put(name, () -> one(name, compilers)));
        broken.forEach((name, problems) -> stacks.merge(
                name, () -> new LoadResult.RefusedRevision(null, problems), (a, b) -> () -> both(a.get(), b.get())));
        return new StackSet(stacks);
    }

    /** A name becomes part of keys and paths, so that an invalid name occurs only in the problem. */
    private static String usable(@Nullable String name, String fallback) {
        return name != null && TextFormat.STACK_NAME.matches(name) ? name : fallback;
    }

    private static LoadResult one(String name, List<StackCompiler> stacks) {
        LoadResult first = stacks.getFirst().contained();
        for (StackCompiler twice : stacks.subList(1, stacks.size())) {
            SourceLocation location = stacks.getFirst().location();
            Problem problem = twice.location()
                    .problem(
                            "the stack \"" + name + "\" is declared twice",
                            "the other one is at " + location.file() + ":" + location.line());
            first = both(first, new LoadResult.RefusedRevision(null, List.of(problem)));
        }
        return first;
    }

    private static LoadResult both(LoadResult a, LoadResult b) {
        List<Problem> problems = new ArrayList<>();
        for (LoadResult each : List.of(a, b)) {
            if (each instanceof LoadResult.RefusedRevision refused) {
                problems.addAll(refused.problems());
            }
        }
        return new LoadResult.RefusedRevision(null, problems);
    }

    /**
     * All JSON files, and all YAML files that may contain documents, under the root. Hidden files and folders and links
     * that lead out of the root are left out.
     */
    static Map<String, byte[]> files(Path root) {
        Map<String, byte[]> files = new TreeMap<>();
        long total = 0;
        try {
            Path real = root.toRealPath();
            try (Stream<Path> walk = Files.walk(real)) {
                for (Path path : (Iterable<Path>) walk::iterator) {
                    String name = real.relativize(path).toString().replace('\\', '/');
                    boolean hidden = name.startsWith(".") || name.contains("/.");
                    if (files.size() == InputCaps.FILES) {
                        throw new IOException(root + " has more than " + InputCaps.FILES + " files of documents");
                    }
                    if (!hidden
                            && (name.endsWith(".json") || DocumentFiles.isYaml(name))
                            && Files.isRegularFile(path)
                            && path.toRealPath().startsWith(real)) {
                        byte[] content = read(path, total);
                        total += content.length;
                        files.put(name, content);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    private static byte[] read(Path path, long before) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return InputCaps.capped(in.readNBytes(InputCaps.FILE_BYTES + 1), before);
        }
    }
}

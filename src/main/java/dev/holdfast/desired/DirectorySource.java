package dev.holdfast.desired;

import dev.holdfast.kind.KindCatalog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Desired state in a directory of documents. The documents are compiled again after a file has changed. */
public final class DirectorySource implements DesiredSource {
    private final Path root;
    private final DesiredCompiler compiler;

    /** @param fingerprint covers all names and contents */
    private record CompiledDirectory(String fingerprint, StackSet stacks) {}

    private @Nullable CompiledDirectory compiled;

    public DirectorySource(Path root, KindCatalog catalog) {
        this.root = root;
        this.compiler = new DesiredCompiler(catalog);
    }

    @Override
    public LoadResult read(String stack) {
        if (!Files.isDirectory(root)) {
            return new LoadResult.NoDesiredState("there is no directory " + root);
        }
        LoadResult loaded = compiled().stacks().read(stack);
        return loaded == null
                ? new LoadResult.NoDesiredState("no document in " + root + " declares the stack " + stack)
                : loaded;
    }

    @Override
    public List<String> stacks() {
        return Files.isDirectory(root) ? compiled().stacks().names() : List.of();
    }

    @Override
    public String location() {
        return root.toString();
    }

    private synchronized CompiledDirectory compiled() {
        Map<String, byte[]> files = DesiredCompiler.files(root);
        StringBuilder all = new StringBuilder();
        files.forEach((file, content) -> all.append(file)
                .append('\n')
                .append(RevisionCodec.sha256(content))
                .append('\n'));
        String fingerprint = all.toString();
        CompiledDirectory known = compiled;
        if (known == null || !known.fingerprint().equals(fingerprint)) {
            known = new CompiledDirectory(fingerprint, compiler.stacks(files));
            compiled = known;
        }
        return known;
    }
}

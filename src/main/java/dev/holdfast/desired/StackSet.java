package dev.holdfast.desired;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The stacks of a set of files. Each is compiled once, when it is first read, and no stack waits for another one. */
final class StackSet {
    private final Map<String, CompiledOnce> stacks = new TreeMap<>();

    StackSet(Map<String, Supplier<LoadResult>> stacks) {
        stacks.forEach((name, compile) -> this.stacks.put(name, new CompiledOnce(compile)));
    }

    List<String> names() {
        return List.copyOf(stacks.keySet());
    }

    /** @return null if no file declares the stack */
    @Nullable
    LoadResult read(String stack) {
        CompiledOnce once = stacks.get(stack);
        return once == null ? null : once.get();
    }

    private static final class CompiledOnce {
        private final Supplier<LoadResult> compile;
        private @Nullable LoadResult result;

        private CompiledOnce(Supplier<LoadResult> compile) {
            this.compile = compile;
        }

        private synchronized LoadResult get() {
            LoadResult known = result;
            if (known == null) {
                known = compile.get();
                result = known;
            }
            return known;
        }
    }
}

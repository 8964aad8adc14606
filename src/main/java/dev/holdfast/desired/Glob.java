package dev.holdfast.desired;

import dev.holdfast.model.Wildcards;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A glob over the files of the desired state: {@code **} matches any number of folders; {@code *} and {@code ?} match
 * within one folder. A match takes at most as many steps as the product of both lengths.
 */
final class Glob {
    private static final String FOLDERS = "**";

    private final List<String> segments;

    private Glob(List<String> segments) {
        this.segments = segments;
    }

    /**
     * @param folder the folder of the file that contains the glob, relative to the root; empty for the root
     * @return null if the glob leads out of the root
     */
    static @Nullable Glob of(String folder, String glob) {
        if (glob.startsWith("/") || glob.contains("\\") || glob.contains(":")) {
            return null;
        }
        Deque<String> segments = new ArrayDeque<>();
        String joined = folder.isEmpty() ? glob : folder + "/" + glob;
        for (String segment : List.of(joined.split("/", -1))) {
            if (segment.equals("..")) {
                if (segments.isEmpty() || segments.getLast().contains("*")) {
                    return null;
                }
                segments.removeLast();
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                segments.addLast(segment);
            }
        }
        return new Glob(List.copyOf(segments));
    }

    List<String> among(Collection<String> files) {
        return files.stream().filter(this::matches).sorted().toList();
    }

    private boolean matches(String file) {
        List<String> names = List.of(file.split("/", -1));
        // Whether the segments so far match the first n names.
        boolean[] reached = new boolean[names.size() + 1];
        reached[0] = true;
        for (int s = 0; s < segments.size(); s++) {
            String segment = segments.get(s);
            boolean last = s == segments.size() - 1;
            boolean[] next = new boolean[names.size() + 1];
            boolean before = false;
            for (int n = 0; n <= names.size(); n++) {
                if (segment.equals(FOLDERS)) {
                    // A final ** stands for the files, of which there is at least one.
                    next[n] = before || (reached[n] && !last);
                    before |= reached[n];
                } else {
                    next[n] = n > 0 && reached[n - 1] && Wildcards.match(segment, names.get(n - 1));
                }
            }
            reached = next;
        }
        return reached[names.size()];
    }
}

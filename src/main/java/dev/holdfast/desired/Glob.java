package dev.holdfast.desired;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A glob over the files of the desired state: {@code **} matches any number of folders; {@code *} and {@code ?} match
 * within one folder.
 */
final class Glob {
    private final Pattern pattern;

    private Glob(Pattern pattern) {
        this.pattern = pattern;
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
        return new Glob(Pattern.compile(regex(String.join("/", segments))));
    }

    List<String> among(Collection<String> files) {
        return files.stream().filter(f -> pattern.matcher(f).matches()).sorted().toList();
    }

    private static String regex(String glob) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < glob.length(); i++) {
            if (glob.startsWith("**/", i)) {
                regex.append("(?:.*/)?");
                i += 2;
            } else if (glob.startsWith("**", i)) {
                regex.append(".*");
                i++;
            } else {
                switch (glob.charAt(i)) {
                    case '*' -> regex.append("[^/]*");
                    case '?' -> regex.append("[^/]");
                    default -> regex.append(Pattern.quote(String.valueOf(glob.charAt(i))));
                }
            }
        }
        return regex.toString();
    }
}

package dev.holdfast.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.holdfast.model.SafeText;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The dependencies of a stack as a tree. A resource on which several resources depend is unfolded once.
 *
 * @param nodes the status of each resource, by {@code Kind/name}
 * @param below the resources that come below each resource
 */
record DependencyTree(Map<String, String> nodes, Map<String, Set<String>> below) {
    /** @param reverse whether the dependents of a resource come below it, instead of its dependencies */
    static DependencyTree of(JsonNode graph, boolean reverse) {
        Map<String, String> nodes = new TreeMap<>();
        Map<String, Set<String>> below = new TreeMap<>();
        graph.path("nodes").forEach(n -> nodes.put(InspectedRows.text(n, "id"), InspectedRows.text(n, "status")));
        nodes.keySet().forEach(id -> below.put(id, new TreeSet<>()));
        graph.path("edges").forEach(edge -> {
            String from = edge.path(reverse ? 1 : 0).asText();
            String to = edge.path(reverse ? 0 : 1).asText();
            if (below.containsKey(from) && below.containsKey(to)) {
                below.get(from).add(to);
            }
        });
        return new DependencyTree(nodes, below);
    }

    boolean contains(String id) {
        return nodes.containsKey(id);
    }

    /** The resource and everything below it. */
    Set<String> reached(String root) {
        Set<String> all = new TreeSet<>(Set.of(root));
        Deque<String> open = new ArrayDeque<>(all);
        while (!open.isEmpty()) {
            below.getOrDefault(open.pop(), Set.of()).stream().filter(all::add).forEach(open::push);
        }
        return all;
    }

    /** @param root null: every resource that is below no other, and one of each cycle that no resource leads into */
    List<String> lines(@Nullable String root, Palette palette) {
        List<String> lines = new ArrayList<>();
        Set<String> unfolded = new HashSet<>();
        List<String> roots = root == null ? roots() : List.of(root);
        roots.forEach(id -> unfold(id, "", "", unfolded, new Lines(lines, palette)));
        if (root == null) {
            nodes.keySet().stream()
                    .filter(id -> !unfolded.contains(id))
                    .toList()
                    .forEach(id -> {
                        if (!unfolded.contains(id)) {
                            unfold(id, "", "", unfolded, new Lines(lines, palette));
                        }
                    });
        }
        return lines;
    }

    private record Lines(List<String> to, Palette palette) {}

    private List<String> roots() {
        Set<String> roots = new TreeSet<>(nodes.keySet());
        below.values().forEach(roots::removeAll);
        return List.copyOf(roots);
    }

    private void unfold(String id, String mark, String indent, Set<String> unfolded, Lines lines) {
        Set<String> children = below.getOrDefault(id, Set.of());
        boolean again = !unfolded.add(id);
        String status = nodes.getOrDefault(id, "");
        lines.to()
                .add(mark + SafeText.line(id) + "  " + lines.palette().status(status, status)
                        + (again && !children.isEmpty() ? "  (see above)" : ""));
        if (again) {
            return;
        }
        int left = children.size();
        for (String child : children) {
            boolean last = --left == 0;
            unfold(child, indent + (last ? "└─ " : "├─ "), indent + (last ? "   " : "│  "), unfolded, lines);
        }
    }

    /**
     * The tree for Graphviz.
     *
     * @see <a href="https://graphviz.org/doc/info/lang.html">the DOT language</a>
     */
    List<String> dot(String stack, @Nullable String root) {
        Set<String> kept = root == null ? nodes.keySet() : reached(root);
        List<String> lines = new ArrayList<>();
        lines.add("digraph " + quoted(stack) + " {");
        lines.add("  rankdir=LR;");
        lines.add("  node [shape=box];");
        for (String id : kept) {
            lines.add("  " + quoted(id) + " [color=" + colour(nodes.getOrDefault(id, "")) + "];");
        }
        for (String id : kept) {
            below.getOrDefault(id, Set.of()).forEach(to -> lines.add("  " + quoted(id) + " -> " + quoted(to) + ";"));
        }
        lines.add("}");
        return lines;
    }

    private static String colour(String status) {
        return switch (status) {
            case "Synced" -> "green";
            case "Failed", "Stalled" -> "red";
            case "AwaitingApproval" -> "purple";
            case "Orphaned", "Paused", "Unknown" -> "gray";
            default -> "orange";
        };
    }

    /** Names have no quotes and no backslashes, so that JSON's form is also DOT's. */
    private static String quoted(String text) {
        return TextNode.valueOf(text).toString();
    }
}

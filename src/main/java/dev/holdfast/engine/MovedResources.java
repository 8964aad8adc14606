package dev.holdfast.engine;

import dev.holdfast.desired.Problem;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.model.DesiredResource;
import dev.holdfast.model.Revision;
import dev.holdfast.model.StackSettings;
import dev.holdfast.state.ResourceRecord;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a revision would leave behind, because it looks for the same resources in another account or region: they
 * would go on to exist and to cost, and nobody would observe them any more. Pure.
 */
final class MovedResources {
    private static final int NAMED = 3;

    private MovedResources() {}

    /**
     * @param before the revision that was enforced last
     * @param records what the state knows of the stack's resources
     * @return one problem for each account or region that would be left
     */
    static List<Problem> of(
            String location, Revision before, Revision next, Collection<ResourceRecord> records, KindCatalog catalog) {
        Map<String, TreeSet<String>> left = new TreeMap<>();
        StackSettings was = before.settings();
        StackSettings will = next.settings();
        for (ResourceRecord record : records) {
            if (record.physicalId() == null && record.deposed().isEmpty()) {
                continue;
            }
            String from = place(was, record.region(), catalog.find(record.id().kind()));
            DesiredResource desired = next.resources().get(record.id());
            // What is no longer desired is deleted where its record says that it is.
            String region = desired == null ? record.region() : desired.region();
            String to = place(will, region, catalog.find(record.id().kind()));
            if (!from.equals(to)) {
                left.computeIfAbsent("from " + from + " to " + to, move -> new TreeSet<>())
                        .add(record.id().toString());
            }
        }
        return left.entrySet().stream()
                .map(e -> new Problem(
                        location,
                        1,
                        1,
                        "",
                        "the revision moves " + FewNames.of(e.getValue(), NAMED) + " " + e.getKey()
                                + ", where nothing of it would be found; what exists would be left behind",
                        "publish the former account and region again; to move, make a stack with another name there,"
                                + " and 'holdfast destroy' this one or take the resources out of it first"))
                .toList();
    }

    private static String place(StackSettings stack, @Nullable String region, @Nullable Kind<?> kind) {
        boolean global = kind != null && kind.info().global();
        return global
                ? "account " + stack.account()
                : "account " + stack.account() + ", " + (region == null ? stack.region() : region);
    }
}

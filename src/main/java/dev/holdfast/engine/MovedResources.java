package dev.holdfast.engine;

import dev.holdfast.desired.Problem;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.model.DesiredResource;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Revision;
import dev.holdfast.model.StackSettings;
import dev.holdfast.state.ResourceRecord;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the objects that a revision would leave behind because it moves their resources to another account or region.
 * Such objects would continue to exist and to cost money, and no pass would observe them. Pure.
 */
final class MovedResources {
    private static final int NAMED = 3;

    private MovedResources() {}

    /**
     * @param before the revision that was enforced last
     * @param records the records of the stack's resources
     * @return one problem for each account or region that would be left
     */
    static List<Problem> of(
            String location, Revision before, Revision next, Collection<ResourceRecord> records, KindCatalog catalog) {
        Map<String, TreeSet<String>> left = new TreeMap<>();
        Map<ResourceId, DesiredResource> renamed = new HashMap<>();
        for (DesiredResource desired : next.resources().values()) {
            if (desired.formerId() != null) {
                renamed.put(desired.formerId(), desired);
            }
        }
        StackSettings was = before.settings();
        StackSettings will = next.settings();
        for (ResourceRecord record : records) {
            if (record.physicalId() == null && record.deposed().isEmpty()) {
                continue;
            }
            String from = place(was, record.region(), catalog.find(record.id().kind()));
            DesiredResource desired = next.resources().getOrDefault(record.id(), renamed.get(record.id()));
            // A resource that is no longer desired is deleted in the region of its record.
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
                                + ", where these resources do not exist; the existing objects would be left behind",
                        "publish the former account and region again; to move the resources, create a stack with"
                                + " another name there, and first run 'holdfast destroy' for this stack or remove the"
                                + " resources from it"))
                .toList();
    }

    private static String place(StackSettings stack, @Nullable String region, @Nullable Kind<?> kind) {
        boolean global = kind != null && kind.info().global();
        return global
                ? "account " + stack.account()
                : "account " + stack.account() + ", " + (region == null ? stack.region() : region);
    }
}

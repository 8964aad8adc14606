package dev.holdfast.desired;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.kind.Specs;
import dev.holdfast.model.DesiredResource;
import dev.holdfast.model.PolicyFinding;
import dev.holdfast.model.PolicySet;
import dev.holdfast.model.PolicySubject;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Revision;
import dev.holdfast.model.RevisionAuthor;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Asks policies about a revision before there is a plan. Policies that look at what only a plan tells, or at values that
 * depend on outputs, are left to the plan. Pure.
 */
public final class RevisionPolicies {
    private RevisionPolicies() {}

    /** What the resources of a valid revision do not comply with; resources that comply are left out. */
    public static Map<ResourceId, List<PolicyFinding>> check(
            PolicySet policies, Revision revision, KindCatalog catalog) {
        Map<ResourceId, List<PolicyFinding>> all = new TreeMap<>();
        for (DesiredResource resource : revision.resources().values()) {
            List<PolicyFinding> findings = check(
                    policies, revision, resource, catalog.get(resource.id().kind()));
            if (!findings.isEmpty()) {
                all.put(resource.id(), findings);
            }
        }
        return all;
    }

    private static <S extends Record> List<PolicyFinding> check(
            PolicySet policies, Revision revision, DesiredResource resource, Kind<S> kind) {
        Specs.Bound<S> bound = Specs.bind(kind.info().spec(), References.resolve(resource.spec(), reference -> null));
        return policies.check(new PolicySubject(
                resource.id(),
                resource.owner(),
                null,
                (ObjectNode) Specs.json(bound.spec()),
                bound.unresolved(),
                JsonNodeFactory.instance.objectNode(),
                revision.settings(),
                RevisionAuthor.UNKNOWN));
    }
}

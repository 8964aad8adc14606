package dev.holdfast.desired;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.kind.Specs;
import dev.holdfast.kind.Unresolved;
import dev.holdfast.model.DesiredResource;
import dev.holdfast.model.PolicyFinding;
import dev.holdfast.model.PolicySet;
import dev.holdfast.model.PolicySubject;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Revision;
import dev.holdfast.model.RevisionAuthor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Evaluates policies on a revision before there is a plan. Policies that read values of a plan, or values that depend
 * on outputs, are left to the plan. Pure.
 */
public final class RevisionPolicies {
    private RevisionPolicies() {}

    /** The violations by resource of a valid revision; resources that comply are left out. */
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
        ObjectNode written = References.resolve(resource.spec(), reference -> null);
        Specs.Bound<S> bound = Specs.bind(kind.info().spec(), written);
        ObjectNode desired = (ObjectNode) Specs.json(bound.spec());
        Set<String> unknown = new TreeSet<>();
        for (String component : bound.unresolved()) {
            // The other values of the component are known, though not in normal form: the plan evaluates them again.
            desired.set(component, written.get(component));
            unknown(written.get(component), JsonPointer.compile("/" + component), unknown);
        }
        return policies.check(new PolicySubject(
                resource.id(),
                resource.owner(),
                null,
                desired,
                unknown,
                JsonNodeFactory.instance.objectNode(),
                revision.settings(),
                RevisionAuthor.UNKNOWN));
    }

    private static void unknown(JsonNode value, JsonPointer at, Set<String> unknown) {
        if (value.isTextual() && Unresolved.is(value.textValue())) {
            unknown.add(at.toString());
        }
        for (int i = 0; value.isArray() && i < value.size(); i++) {
            unknown(value.get(i), at.appendIndex(i), unknown);
        }
        value.properties().forEach(member -> unknown(member.getValue(), at.appendProperty(member.getKey()), unknown));
    }
}

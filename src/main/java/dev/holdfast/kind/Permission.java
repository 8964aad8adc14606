package dev.holdfast.kind;

import java.util.List;
import java.util.Map;

/**
 * An IAM action that a kind's calls need, and the resources on which they need it.
 *
 * @param action {@code ec2:CreateVpc}
 * @param resources patterns of ARNs, with {@code {region}}, {@code {account}}, {@code {path}}, {@code {name}}, {@code
 *     {exact}} (the name of one resource, where {@code {name}} covers every generated name of the stack) and {@code
 *     {spec.field}} to be filled in for each resource; for {@link On#PASSED} and {@link On#SERVICE_ROLE} the service's
 *     principal
 * @param fields the action is needed only if a document owns one of these fields; empty: always
 * @param limits by condition key, the field whose values the key is limited to; resources that do not set the field are
 *     allowed separately, by their exact names
 * @see <a href="https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html">
 *     the resources and condition keys of each action</a>
 */
public record Permission(
        String action, On on, List<String> resources, List<String> fields, Map<String, String> limits) {
    public enum On {
        /** A read by the search for orphans, which reads every kind, even if the stack has no resource of the kind. */
        LISTS,
        /** Any other read, or a call that AWS does not let a policy restrict. */
        EVERYTHING,
        /** A creating call: allowed only with the stack's tag in the request. */
        MADE,
        /**
         * A creating call in a parent: allowed only with the stack's tag in the request, and in a parent as
         * {@link #TOUCHED} defines.
         */
        MADE_IN,
        /** The tagging action of a creating call: allowed only as a part of that call. */
        TAGGED_WHEN_MADE,
        /**
         * The same for services that do not tell IAM the creating call: allowed on resources without a stack's tag, and
         * only to add this stack's tag.
         */
        CLAIMED,
        /** Allowed only on resources with the stack's tag. */
        OWNED,
        /**
         * Allowed only on resources without a stack's tag: AWS creates them together with a resource of the stack and
         * does not tag them.
         */
        UNTAGGED,
        /**
         * Allowed on the ARNs alone: ARNs with names of this stack, or of resources whose tags IAM does not evaluate.
         */
        NAMED,
        /**
         * Allowed on other resources that a call needs: with the stack's tag, or with an id that the documents contain.
         */
        TOUCHED,
        /** The roles that the fields name, passed to one service. */
        PASSED,
        /** The service-linked role of a service. */
        SERVICE_ROLE
    }

    public Permission {
        resources = List.copyOf(resources);
        fields = List.copyOf(fields);
        limits = Map.copyOf(limits);
    }
}

package dev.holdfast.kind;

import java.util.List;
import java.util.Map;

/**
 * An IAM action that a kind's calls need, and what they need it on.
 *
 * @param action {@code ec2:CreateVpc}
 * @param resources patterns of ARNs, with {@code {region}}, {@code {account}}, {@code {path}}, {@code {name}}, {@code {exact}} (the
 *     name of one resource, where {@code {name}} covers every generated name of the stack) and {@code {spec.field}} to be filled
 *     in for each resource; for {@link On#PASSED} and {@link On#SERVICE_ROLE} the service's principal
 * @param fields it is needed only where the spec owns one of these; empty: always
 * @param limits condition keys that must be one of what a field says, by key: resources that do not say it are allowed apart, by
 *     their exact names
 * @see <a href="https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html">what AWS lets a policy
 *     say of each action</a>
 */
public record Permission(
        String action, On on, List<String> resources, List<String> fields, Map<String, String> limits) {
    public enum On {
        /** A read that a search for orphans makes, of every kind there is, whether a stack has any of it or not. */
        LISTS,
        /** A read of what is there, or what AWS restricts by nothing. */
        EVERYTHING,
        /** A call that makes something: only with the stack's tag in it. */
        MADE,
        /** A call that makes something in a parent: only with the stack's tag in it, and in a parent as {@link #TOUCHED} says. */
        MADE_IN,
        /** A call that tags what another call makes: only as a part of that. */
        TAGGED_WHEN_MADE,
        /** The same where AWS does not tell the making call: what carries no stack's tag yet, and only with this stack's. */
        CLAIMED,
        /** Only what carries the stack's tag. */
        OWNED,
        /** Only what carries no stack's tag: what AWS makes beside a resource of the stack's, and where it takes no tags then. */
        UNTAGGED,
        /** Whatever the ARNs say: those of this stack's names, or what AWS knows no tags of. */
        NAMED,
        /** What a call needs beside its own resource: with the stack's tag, or with an id that the documents state. */
        TOUCHED,
        /** Roles that the fields name, handed to one service. */
        PASSED,
        /** The role that a service keeps for itself. */
        SERVICE_ROLE
    }

    public Permission {
        resources = List.copyOf(resources);
        fields = List.copyOf(fields);
        limits = Map.copyOf(limits);
    }
}

package dev.holdfast.desired;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.holdfast.kind.Doc;
import dev.holdfast.kind.Range;
import dev.holdfast.kind.Required;
import dev.holdfast.model.Action;
import dev.holdfast.model.GuardedChange;
import dev.holdfast.model.PolicyAction;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The document of guardrails. */
record GuardrailsDocument(
        @Doc("holdfast.dev/v1.") @Required String apiVersion,
        @Doc("Guardrails.") @Required String kind,

        @Doc("The schema, for editors.") @JsonProperty("$schema") @Nullable
        String schema,

        @Doc("The guardrails.") @Required GuardrailsSpec spec) {

    record GuardrailsSpec(
            @Doc("Where stacks may be, and what they may consist of. What is absent is not restricted.") @Nullable
            AllowDocument allow,

            @Doc("Ceilings of the limits of every stack: the lower value counts.") @Nullable
            CeilingsDocument limits,

            @Doc("The ARN of the permissions boundary that each role must declare.") @Nullable
            String permissionsBoundary,

            @Doc("The ARNs of the managed policies that roles may have attached; * is any text.") @Nullable
            Set<String> managedPolicies,

            @Doc("The changes that wait for a person's approval, whatever the documents say.") @Nullable
            Set<GuardedChange> requireApproval,

            @Doc("Expressions in CEL that each step of a plan must comply with; 100 at most.") @Nullable
            List<PolicyEntry> policies,

            @Doc("Who has to sign a revision before it is enforced.") @Nullable
            SignaturesDocument signatures,

            @Doc("Whether nobody may approve what they have published. Needs signatures.required: without a signature,"
                    + " a publisher can name any author of a revision.")
            @Nullable
            Boolean approverNotPublisher) {}

    record PolicyEntry(
            @Doc("A name of the policy, for messages.") @Required @HasFormat(TextFormat.RESOURCE_NAME)
            String name,

            @Doc("The steps that the policy is for. Absent: those of all kinds that make or change a resource.")
            @Nullable
            MatchEntry match,

            @Doc("An expression in CEL over step, desired, observed, stack and author; true: the step complies.")
            @Required
            String expression,

            @Doc("What happens to a step that does not comply: deny, hold for an approval, or warn.") @Required
            PolicyAction action,

            @Doc("What people are told if a step does not comply; 500 characters at most.") @Required
            String message) {}

    record MatchEntry(
            @Doc("Kinds of resources, after composites are expanded. Absent: all.") @Nullable
            Set<String> kinds,

            @Doc("Actions of steps. Absent: Create, Update, Replace and Adopt.") @Nullable
            Set<Action> actions) {}

    record SignaturesDocument(
            @Doc("Whether a revision that none of the keys has signed is refused.") @Nullable
            Boolean required,

            @Doc("The keys whose signatures are accepted.") @Nullable
            List<TrustedKeyDocument> keys) {}

    record TrustedKeyDocument(
            @Doc("Who signs with the key, as the status shows it.") @Required
            String name,

            @Doc("The public key in PEM, or as 'aws kms get-public-key' prints it: " + SignatureScheme.ACCEPTED + ".")
            @Required
            String publicKey) {}

    record AllowDocument(
            @Doc("Names of stacks.") @Nullable Set<String> stacks,
            @Doc("Account numbers.") @Nullable Set<String> accounts,

            @Doc("Regions, of stacks and of single resources.") @Nullable
            Set<String> regions,

            @Doc("Kinds of resources, after composites are expanded.") @Nullable
            Set<String> kinds,

            @Doc("ARNs of the roles that a stack may name as its roleArn.") @Nullable
            Set<String> roles) {}

    record CeilingsDocument(
            @Doc("Deletions in one plan.") @Range(min = 0, max = 1_000_000) @Nullable
            Integer maxDeletes,

            @Doc("Replacements in one plan.") @Range(min = 0, max = 1_000_000) @Nullable
            Integer maxReplaces,

            @Doc("Updates in one plan.") @Range(min = 0, max = 1_000_000) @Nullable
            Integer maxUpdates,

            @Doc("Rollouts in one plan.") @Range(min = 0, max = 1_000_000) @Nullable
            Integer maxRollouts) {}
}

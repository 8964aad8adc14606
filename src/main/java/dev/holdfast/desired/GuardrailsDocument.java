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
        @Doc("The version of the document format, always holdfast.dev/v1.") @Required
        String apiVersion,

        @Doc("The kind of the document, always Guardrails.") @Required
        String kind,

        @Doc("A JSON Schema for editors. Holdfast does not read it.") @JsonProperty("$schema") @Nullable
        String schema,

        @Doc("The restrictions.") @Required GuardrailsSpec spec) {

    record GuardrailsSpec(
            @Doc("The allowed stacks, accounts, regions, kinds and roles. An absent member restricts nothing.")
            @Nullable
            AllowDocument allow,

            @Doc("The ceilings for the limits of every stack: the lower value of limit and ceiling applies.") @Nullable
            CeilingsDocument limits,

            @Doc("The ARN of the permissions boundary that each role must declare.") @Nullable
            String permissionsBoundary,

            @Doc("The ARNs of the managed policies that roles may have attached; * stands for any text.") @Nullable
            Set<String> managedPolicies,

            @Doc("The classes of changes that always wait for a person's approval.") @Nullable
            Set<GuardedChange> requireApproval,

            @Doc("The policies (CEL expressions) that each step of a plan must comply with; at most 100.") @Nullable
            List<PolicyEntry> policies,

            @Doc("The keys that sign revisions, and whether a revision needs a signature to be enforced.") @Nullable
            SignaturesDocument signatures,

            @Doc("Whether publishers must not approve their own revisions. Needs signatures.required: without a"
                    + " signature, a publisher can name any author of a revision.")
            @Nullable
            Boolean approverNotPublisher) {}

    record PolicyEntry(
            @Doc("The name of the policy, for messages.") @Required @HasFormat(TextFormat.RESOURCE_NAME)
            String name,

            @Doc("The steps to which the policy applies. If absent: steps of all kinds that create or change a"
                    + " resource.")
            @Nullable
            MatchEntry match,

            @Doc("A CEL expression over step, desired, observed, stack and author. If it is true, the step complies.")
            @Required
            String expression,

            @Doc("The consequence for a step that does not comply: deny, hold for an approval, or warn.") @Required
            PolicyAction action,

            @Doc("The message for people if a step does not comply; at most 500 characters.") @Required
            String message) {}

    record MatchEntry(
            @Doc("Kinds of resources, after the expansion of composites. If absent: all kinds.") @Nullable
            Set<String> kinds,

            @Doc("Actions of steps. If absent: Create, Update, Replace and Adopt.") @Nullable
            Set<Action> actions) {}

    record SignaturesDocument(
            @Doc("Whether a revision that none of the keys has signed is refused.") @Nullable
            Boolean required,

            @Doc("The keys whose signatures are accepted.") @Nullable
            List<TrustedKeyDocument> keys) {}

    record TrustedKeyDocument(
            @Doc("The name of the signer, as the status shows it.") @Required
            String name,

            @Doc("The public key in PEM, or as 'aws kms get-public-key' prints it: " + SignatureScheme.ACCEPTED + ".")
            @Required
            String publicKey) {}

    record AllowDocument(
            @Doc("The names of the allowed stacks.") @Nullable
            Set<String> stacks,

            @Doc("The numbers of the allowed accounts.") @Nullable
            Set<String> accounts,

            @Doc("The allowed regions of stacks and of single resources.") @Nullable
            Set<String> regions,

            @Doc("The allowed kinds of resources, after the expansion of composites.") @Nullable
            Set<String> kinds,

            @Doc("The ARNs of the roles that a stack may name as its roleArn.") @Nullable
            Set<String> roles) {}

    record CeilingsDocument(
            @Doc("The ceiling of the deletions in one plan.") @Range(min = 0, max = 1_000_000) @Nullable
            Integer maxDeletes,

            @Doc("The ceiling of the replacements in one plan.") @Range(min = 0, max = 1_000_000) @Nullable
            Integer maxReplaces,

            @Doc("The ceiling of the updates in one plan.") @Range(min = 0, max = 1_000_000) @Nullable
            Integer maxUpdates,

            @Doc("The ceiling of the rollouts in one plan.") @Range(min = 0, max = 1_000_000) @Nullable
            Integer maxRollouts) {}
}

package dev.holdfast.policy;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.extensions.CelStringExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelAttribute;
import dev.cel.runtime.CelAttributePattern;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelUnknownSet;
import dev.cel.runtime.UnknownContext;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.model.Action;
import dev.holdfast.model.PolicyAction;
import dev.holdfast.model.PolicyFinding;
import dev.holdfast.model.PolicySet;
import dev.holdfast.model.PolicySubject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Policies in CEL. Types are checked when the file is read; the cost of an evaluation is bounded; a step that cannot be
 * evaluated is denied.
 */
public final class CelPolicies implements PolicySet {
    /** The maximum length of one expression, in characters. */
    public static final int LONGEST_EXPRESSION = 4_096;

    /** The maximum number of evaluations of macro bodies for one step by one policy. */
    static final int MOST_ITERATIONS = 20_000;

    /** The maximum depth of nested macros: each level multiplies the cost. */
    static final int DEEPEST_MACROS = 4;

    private static final int DEEPEST_EXPRESSION = 60;

    private static final CelOptions OPTIONS = CelOptions.current()
            .enableHeterogeneousNumericComparisons(true)
            .enableQuotedIdentifierSyntax(true)
            .enableUnknownTracking(true)
            .comprehensionMaxIterations(MOST_ITERATIONS)
            .maxExpressionCodePointSize(LONGEST_EXPRESSION)
            .maxParseRecursionDepth(DEEPEST_EXPRESSION)
            .build();

    private static final CelStringExtensions TEXTS = CelExtensions.strings(
            CelStringExtensions.Function.LOWER_ASCII,
            CelStringExtensions.Function.SPLIT,
            CelStringExtensions.Function.SUBSTRING);

    private record CompiledPolicy(PolicyRule rule, CelRuntime.Program program, ExpressionUse uses) {}

    private final List<CompiledPolicy> policies;

    private CelPolicies(List<CompiledPolicy> policies) {
        this.policies = List.copyOf(policies);
    }

    /**
     * @param mistakes receives the mistakes in the policies
     * @return null if there are any mistakes
     */
    public static @Nullable PolicySet compile(
            List<PolicyRule> rules, KindCatalog catalog, List<PolicyMistake> mistakes) {
        CelRuntime runtime = CelRuntimeFactory.standardCelRuntimeBuilder()
                .setOptions(OPTIONS)
                .addLibraries(CelExtensions.optional(), TEXTS)
                .build();
        List<CompiledPolicy> compiled = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            PolicyRule rule = rules.get(i);
            CelAbstractSyntaxTree tree = checked(i, rule, catalog, mistakes);
            if (tree != null) {
                compiled.add(program(rule, tree, runtime));
            }
        }
        return mistakes.isEmpty() ? new CelPolicies(compiled) : null;
    }

    private static CompiledPolicy program(PolicyRule rule, CelAbstractSyntaxTree tree, CelRuntime runtime) {
        try {
            return new CompiledPolicy(rule, runtime.createProgram(tree), ExpressionUse.of(tree));
        } catch (CelEvaluationException e) {
            throw new IllegalStateException("an expression whose types were checked has a program", e);
        }
    }

    private static @Nullable CelAbstractSyntaxTree checked(
            int index, PolicyRule rule, KindCatalog catalog, List<PolicyMistake> mistakes) {
        int before = mistakes.size();
        List<Class<? extends Record>> specs = new ArrayList<>();
        for (String name : rule.kinds() == null ? catalog.all().keySet() : rule.kinds()) {
            Kind<?> kind = catalog.find(name);
            if (kind == null) {
                mistakes.add(new PolicyMistake(
                        index,
                        "/match/kinds",
                        "no resource kind is named " + name,
                        "name a kind of docs/kinds.md: policies apply to the resources that composites expand to"));
            } else {
                specs.add(kind.info().spec());
            }
        }
        CelValidationResult result = compiler(specs).compile(rule.expression());
        for (CelIssue issue : result.getErrors()) {
            mistakes.add(new PolicyMistake(
                    index,
                    "/expression",
                    "line " + issue.getSourceLocation().getLine() + ", column "
                            + (issue.getSourceLocation().getColumn() + 1) + " of the expression: "
                            + issue.getMessage(),
                    "write a CEL expression of type bool over step, desired, observed, stack and author"));
        }
        if (mistakes.size() > before) {
            return null;
        }
        try {
            CelAbstractSyntaxTree tree = result.getAst();
            if (ExpressionUse.of(tree).depth() > DEEPEST_MACROS) {
                mistakes.add(new PolicyMistake(
                        index,
                        "/expression",
                        "macros are nested more than " + DEEPEST_MACROS + " deep",
                        "split the policy into two"));
                return null;
            }
            return tree;
        } catch (CelValidationException e) {
            throw new IllegalStateException("a result without errors has a tree", e);
        }
    }

    private static CelCompiler compiler(List<Class<? extends Record>> specs) {
        CelCompilerBuilder builder = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addLibraries(CelExtensions.optional(), TEXTS)
                .setTypeProvider(new PolicyTypes(specs).provider())
                .setResultType(SimpleType.BOOL);
        PolicyTypes.variables().forEach(builder::addVar);
        return builder.build();
    }

    @Override
    public List<PolicyFinding> check(PolicySubject subject) {
        Action action = subject.step() == null ? null : subject.step().action();
        PolicyValues values = new PolicyValues(subject);
        List<PolicyFinding> findings = new ArrayList<>();
        for (CompiledPolicy policy : policies) {
            boolean asked = policy.rule().concerns(subject.resource().kind(), action)
                    && !(action == null && policy.uses().needsPlan());
            PolicyFinding finding = asked ? check(policy, subject, values) : null;
            if (finding != null) {
                findings.add(finding);
            }
        }
        return findings;
    }

    private static @Nullable PolicyFinding check(CompiledPolicy policy, PolicySubject subject, PolicyValues values) {
        PolicyRule rule = policy.rule();
        Set<String> unknown = new LinkedHashSet<>(subject.unknown());
        unknown.removeIf(pointer -> !policy.uses().looksAt(pointer.split("/", 3)[1]));
        try {
            Object result = policy.program()
                    .advanceEvaluation(UnknownContext.create(
                            values::find,
                            unknown.stream()
                                    .map(pointer -> unknown(pointer, subject))
                                    .collect(Collectors.toList())));
            if (result instanceof CelUnknownSet) {
                return notKnown(rule, subject, unknown);
            }
            return Boolean.TRUE.equals(result) ? null : new PolicyFinding(rule.name(), rule.action(), rule.message());
        } catch (CelEvaluationException e) {
            return failed(
                    rule,
                    "its expression cannot be evaluated for " + subject.resource() + ": " + reason(e)
                            + "; use has() in the expression before a field that may be absent");
        }
    }

    private static CelAttributePattern unknown(String pointer, PolicySubject subject) {
        ImmutableList.Builder<CelAttribute.Qualifier> path = ImmutableList.builder();
        path.add(CelAttribute.Qualifier.ofString("desired"));
        JsonNode at = subject.desired();
        JsonPointer rest = JsonPointer.compile(pointer);
        while (!rest.matches()) {
            path.add(
                    at.isArray()
                            ? CelAttribute.Qualifier.ofInt(rest.getMatchingIndex())
                            : CelAttribute.Qualifier.ofString(rest.getMatchingProperty()));
            at = at.isArray() ? at.path(rest.getMatchingIndex()) : at.path(rest.getMatchingProperty());
            rest = rest.tail();
        }
        return CelAttributePattern.create(path.build());
    }

    /**
     * Without a plan, the plan decides later. A step that waits needs no finding, because it waits until its values are
     * known.
     */
    private static @Nullable PolicyFinding notKnown(PolicyRule rule, PolicySubject subject, Set<String> unknown) {
        return subject.step() == null || subject.step().waits()
                ? null
                : failed(rule, "it depends on " + String.join(", ", unknown) + " of the spec, which is not known yet");
    }

    /** Denies a step that cannot be evaluated, because the step may be one that the policy has to stop. */
    private static PolicyFinding failed(PolicyRule rule, String why) {
        return new PolicyFinding(
                rule.name(), rule.action() == PolicyAction.warn ? PolicyAction.warn : PolicyAction.deny, why);
    }

    /** The reason by the error code, because the library's messages may quote values. */
    private static String reason(CelEvaluationException e) {
        return switch (e.getErrorCode()) {
            case ATTRIBUTE_NOT_FOUND -> "it uses a field or key that is absent";
            case ITERATION_BUDGET_EXCEEDED -> "it needs more than " + MOST_ITERATIONS + " iterations";
            case OVERLOAD_NOT_FOUND, AMBIGUOUS_OVERLOAD, INVALID_ARGUMENT, BAD_FORMAT, TYPE_NOT_FOUND ->
                "a value has another type than the expression expects";
            case INDEX_OUT_OF_BOUNDS -> "it uses an element that does not exist";
            case DIVIDE_BY_ZERO, NUMERIC_OVERFLOW -> "a number is out of range";
            case DUPLICATE_ATTRIBUTE, INTERNAL_ERROR -> "CEL failed with " + e.getErrorCode();
        };
    }
}

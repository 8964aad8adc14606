package dev.holdfast.policy;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The variables and fields that an expression reads.
 *
 * @param needsPlan whether the expression reads a value that exists only with a plan
 * @param components the fields of {@code desired} that the expression reads
 * @param whole whether the expression reads {@code desired} as a whole
 * @param depth the depth of its nested macros
 */
record ExpressionUse(boolean needsPlan, Set<String> components, boolean whole, int depth) {
    /** The fields of {@code step} that are known without a plan. */
    private static final Set<String> WITHOUT_PLAN = Set.of("kind", "name", "resource", "composite");

    private static final String OPTIONAL_SELECT = "_?._";

    static ExpressionUse of(CelAbstractSyntaxTree tree) {
        List<CelNavigableExpr> nodes =
                CelNavigableAst.fromAst(tree).getRoot().allNodes().toList();
        boolean needsPlan = false;
        boolean whole = false;
        Set<String> components = new HashSet<>();
        int depth = 0;
        for (CelNavigableExpr node : nodes) {
            depth = Math.max(depth, macros(node));
            if (node.getKind() != Kind.IDENT) {
                continue;
            }
            Optional<String> field = field(node);
            switch (node.expr().ident().name()) {
                case "observed", "author" -> needsPlan = true;
                case "step" -> needsPlan |= field.filter(WITHOUT_PLAN::contains).isEmpty();
                case "desired" -> {
                    whole |= field.isEmpty();
                    field.ifPresent(components::add);
                }
                default -> {}
            }
        }
        return new ExpressionUse(needsPlan, Set.copyOf(components), whole, depth);
    }

    boolean looksAt(String component) {
        return whole || components.contains(component);
    }

    /** The field of the variable that the expression reads; empty: the variable as a whole. */
    private static Optional<String> field(CelNavigableExpr variable) {
        CelExpr parent = variable.parent().map(CelNavigableExpr::expr).orElse(null);
        if (parent == null) {
            return Optional.empty();
        }
        if (parent.getKind() == Kind.SELECT) {
            return Optional.of(parent.select().field());
        }
        boolean optional = parent.getKind() == Kind.CALL
                && parent.call().function().equals(OPTIONAL_SELECT)
                && parent.call().args().getFirst().id() == variable.id();
        return optional ? Optional.of(parent.call().args().get(1).constant().stringValue()) : Optional.empty();
    }

    private static int macros(CelNavigableExpr node) {
        int depth = 0;
        Optional<CelNavigableExpr> at = Optional.of(node);
        while (at.isPresent()) {
            depth += at.get().getKind() == Kind.COMPREHENSION ? 1 : 0;
            at = at.get().parent();
        }
        return depth;
    }
}

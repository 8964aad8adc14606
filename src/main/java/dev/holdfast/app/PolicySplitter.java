package dev.holdfast.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Puts statements into as few policy documents as the size limit of managed policies allows: each statement goes as a
 * whole, in order, into the first document with enough room.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html">6,144 characters, white
 *     space not counted</a>
 */
final class PolicySplitter {
    static final int LIMIT = 6144;

    private PolicySplitter() {}

    static ObjectNode document(Collection<PolicyStatement> statements) {
        ObjectNode document = JsonNodeFactory.instance.objectNode().put("Version", "2012-10-17");
        ArrayNode all = document.putArray("Statement");
        statements.forEach(s -> all.add(s.json()));
        return document;
    }

    static int size(ObjectNode document) {
        return document.toString().replaceAll("\\s", "").length();
    }

    static List<ObjectNode> split(List<PolicyStatement> statements) {
        List<List<PolicyStatement>> bins = new ArrayList<>();
        for (PolicyStatement statement :
                statements.stream().flatMap(s -> pieces(s).stream()).toList()) {
            bins.stream()
                    .filter(bin -> size(document(with(bin, statement))) <= LIMIT)
                    .findFirst()
                    .ifPresentOrElse(bin -> bin.add(statement), () -> bins.add(with(List.of(), statement)));
        }
        return bins.stream().map(PolicySplitter::document).toList();
    }

    private static List<PolicyStatement> with(List<PolicyStatement> some, PolicyStatement more) {
        List<PolicyStatement> all = new ArrayList<>(some);
        all.add(more);
        return all;
    }

    /** Splits a statement that is too long for a document into halves of its actions, or of its resources. */
    private static List<PolicyStatement> pieces(PolicyStatement statement) {
        if (size(document(List.of(statement))) <= LIMIT) {
            return List.of(statement);
        }
        boolean byAction = statement.actions().size() > 1;
        List<String> parts = List.copyOf(byAction ? statement.actions() : statement.resources());
        if (parts.size() < 2) {
            throw new CommandFailure("a statement for " + statement.actions() + " exceeds IAM's size limit");
        }
        List<PolicyStatement> pieces = new ArrayList<>();
        for (List<String> half :
                List.of(parts.subList(0, parts.size() / 2), parts.subList(parts.size() / 2, parts.size()))) {
            pieces.addAll(pieces(byAction ? statement.with(half) : statement.on(half)));
        }
        return pieces;
    }
}

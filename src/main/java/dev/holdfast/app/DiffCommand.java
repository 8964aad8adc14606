package dev.holdfast.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.api.RevisionDiffJson;
import dev.holdfast.desired.DesiredSource;
import dev.holdfast.desired.Head;
import dev.holdfast.desired.RevisionDiff;
import dev.holdfast.model.SafeText;
import jakarta.enterprise.context.Dependent;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Dependent
@Command(
        name = "diff",
        mixinStandardHelpOptions = true,
        description =
                "Shows the differences between two published revisions of a stack. It reads no AWS resource; 'holdfast"
                        + " plan' compares with the observed resources.")
class DiffCommand extends LocalCommand {
    /** In lower case, as people type them. */
    enum DiffFormat {
        text,
        json
    }

    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Parameters(
            arity = "1..2",
            paramLabel = "REVISION",
            description = "head, previous, the number of a commit, or a revision's hash or its first digits. A single"
                    + " REVISION is compared with the head.")
    private List<String> revisions = List.of();

    @Mixin
    private CommitsAtLocation commits = new CommitsAtLocation();

    @Option(
            names = "--expanded",
            description = "Shows the resources to which the documents expand, instead of the documents.")
    private boolean expanded;

    @Option(
            names = {"-o", "--output"},
            defaultValue = "text",
            description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
    private DiffFormat output = DiffFormat.text;

    @Option(names = "--detailed-exitcode", description = "Exits with 2 if there are differences.")
    private boolean detailed;

    DiffCommand(CommandContext context) {
        super(context);
    }

    @Override
    public Integer call() {
        try (Operator operator = context.publishingOperator(commits.config())) {
            DesiredSource source = operator.now();
            List<Head> heads = commits.heads(source);
            Head from = commits.find(heads, revisions.getFirst());
            Head to = commits.find(heads, revisions.size() == 1 ? "head" : revisions.get(1));
            RevisionDiff diff = RevisionDiff.of(
                    commits.revision(source, from, err()), commits.revision(source, to, err()), context.catalog());
            PrintWriter out = out();
            switch (output) {
                case json -> out.println(json(diff));
                case text -> {
                    out.println(SafeText.line("from " + CommitsAtLocation.words(from)));
                    out.println(SafeText.line("to   " + CommitsAtLocation.words(to)));
                    new DiffText(Palette.of(context))
                            .lines(expanded ? diff.resources() : diff.documents())
                            .forEach(out::println);
                }
            }
            out.flush();
            return detailed && !diff.isEmpty() ? ExitCodes.CHANGES : ExitCodes.FINE;
        }
    }

    /** The differences of the documents and of the resources, with or without --expanded. */
    private String json(RevisionDiff diff) {
        JsonNode json = MAPPER.valueToTree(RevisionDiffJson.of(commits.stack(), diff));
        return json.toPrettyString();
    }
}

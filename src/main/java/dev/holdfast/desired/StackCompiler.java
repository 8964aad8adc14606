package dev.holdfast.desired;

import dev.holdfast.composites.Composites;
import dev.holdfast.composites.Expansion;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.model.DesiredComposite;
import dev.holdfast.model.DesiredResource;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Revision;
import dev.holdfast.model.StackSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Compiles one stack: its settings, the documents that it includes, its patches and its params. All mistakes are
 * reported. For a single use.
 */
final class StackCompiler {
    private static final JsonType STACK = JsonType.of(Documents.StackDocument.class);

    /** The maximum number of files for a suggestion, which compares each file with each glob. */
    private static final int FEW_FILES = 500;

    private final KindCatalog catalog;
    private final Composites composites;
    private final DocumentFiles sources;
    private final DocumentFiles.DocumentFile home;
    private final LocatedJson.Obj document;
    private final List<Problem> problems = new ProblemList();
    private final InputBudget budget = new InputBudget();

    StackCompiler(
            KindCatalog catalog,
            Composites composites,
            DocumentFiles sources,
            DocumentFiles.DocumentFile home,
            LocatedJson.Obj document) {
        this.catalog = catalog;
        this.composites = composites;
        this.sources = sources;
        this.home = home;
        this.document = document;
    }

    /** The name in the document, or null if it has none. */
    @Nullable
    String name() {
        return document.metadataText("name");
    }

    SourceLocation location() {
        return DraftReader.location(document);
    }

    /** The revision, or all problems. A fault of the compilation itself is one of them. */
    LoadResult contained() {
        return ContainedCheck.whole(location(), null, problems, this::compile);
    }

    private LoadResult compile() {
        problems.addAll(home.problems());
        Substitution substitution = substitution(document.object("spec"));
        LocatedJson.Obj stack = settings(substitution);
        if (!(stack.get("spec") instanceof LocatedJson.Obj spec)) {
            return new LoadResult.RefusedRevision(null, problems);
        }
        Set<String> patches = spec.get("patches") instanceof LocatedJson.Arr globs ? matched(globs) : Set.of();
        Set<String> included = new TreeSet<>();
        if (spec.get("include") instanceof LocatedJson.Arr globs) {
            included.addAll(matched(globs));
        }
        included.removeAll(patches);
        CollectedDocuments documented = collect(included);
        PatchMerger merged = new PatchMerger(sources, problems);
        merged.apply(patches, documented.byId(), id -> unreadable(included, id));
        DraftCompiler all = new DraftCompiler(catalog, composites, substitution, problems);
        Map<ResourceId, ResourceDraft> drafts =
                all.read(documented.byId(), documented.nameless(), stackOf(stack), id -> unreadable(included, id));
        merged.explain(documented.byId().keySet(), drafts);
        if (drafts.size() > InputCaps.RESOURCES) {
            throw new RefusedInput(location()
                    .problem("the stack has more than " + InputCaps.RESOURCES + " resources", "split the stack"));
        }
        Set<ResourceId> declared = new TreeSet<>(documented.byId().keySet());
        declared.addAll(drafts.keySet());
        new GraphCheck(catalog, composites, drafts, id -> unreadable(included, id) || all.mayBePart(id), problems)
                .check(declared);
        new StackCheck(drafts.values(), problems).check();
        new RotatedLoginCheck(drafts.values(), problems).check();
        if (drafts.isEmpty() && problems.isEmpty()) {
            problems.add(location()
                    .problem(
                            "the stack has no resources",
                            "add resources; to tear the stack down, use holdfast destroy"));
        }
        String name = name();
        return problems.isEmpty() && name != null
                ? new LoadResult.ValidRevision(
                        revision(SettingsReader.of(name, spec), drafts, all.composed()),
                        null,
                        new DraftWarnings(drafts.values()).find())
                : new LoadResult.RefusedRevision(null, problems);
    }

    /** Params are substituted in account and region first, so that the other documents can use the results. */
    private Substitution substitution(LocatedJson.@Nullable Obj spec) {
        LocatedJson.Obj params = spec == null ? null : spec.object("params");
        Map<String, LocatedJson> known = new LinkedHashMap<>();
        LocatedJson name = document.metadata("name");
        if (name != null) {
            known.put("name", name);
        }
        Substitution early = Substitution.of(params, known, problems, budget);
        for (String field : List.of("account", "region")) {
            LocatedJson value = spec == null ? null : spec.get(field);
            if (value != null) {
                known.put(field, early.in(value, Substitution.AllowedPlaceholders.PARAMS));
            }
        }
        return Substitution.of(params, known, problems, budget);
    }

    private LocatedJson.Obj settings(Substitution substitution) {
        LocatedJson.Obj stack = document.without("$schema");
        if (stack.get("spec") instanceof LocatedJson.Obj spec) {
            LocatedJson params = spec.get("params");
            LocatedJson.Obj rest = substitution.object(spec.without("params"), Substitution.AllowedPlaceholders.PARAMS);
            stack = stack.with("spec", rest);
            stack = (LocatedJson.Obj) stack.withoutNulls();
            // A field whose value comes from a null param is absent.
            if (params != null && !params.isNull() && !(params instanceof LocatedJson.Obj)) {
                problems.add(params.location().problem("expected an object of params", "as in { \"env\": \"dev\" }"));
            }
        }
        List<JsonTypeCheck.ReferenceUse> references = JsonTypeCheck.check(stack, STACK, problems);
        if (stack.get("spec") instanceof LocatedJson.Obj spec) {
            SettingsReader.check(spec, problems);
        }
        if (problems.isEmpty()) {
            // A reference may stand for a value of any type, so that the check of types accepts it.
            references.forEach(use -> problems.add(use.location()
                    .problem(
                            "expected a value, found the reference ${"
                                    + use.reference().text() + "}",
                            "a Stack takes no references: write the value out")));
        }
        return stack;
    }

    private Set<String> matched(LocatedJson.Arr globs) {
        Set<String> files = new TreeSet<>();
        if (globs.elements().size() > InputCaps.GLOBS) {
            throw new RefusedInput(
                    globs.location().problem("more than " + InputCaps.GLOBS + " globs", "one glob matches many files"));
        }
        for (LocatedJson element : globs.elements()) {
            String text = element.text();
            if (text == null) {
                continue;
            }
            if (text.length() > InputCaps.NAME) {
                problems.add(element.location()
                        .problem("the glob has more than " + InputCaps.NAME + " characters", "shorten it"));
                continue;
            }
            Glob glob = Glob.of(DocumentFiles.folder(home.file()), EnvelopeText.unescaped(text));
            List<String> found = glob == null ? List.of() : glob.among(sources.names());
            if (glob == null) {
                problems.add(element.location()
                        .problem(
                                "the glob " + JsonTypeCheck.quoted(text) + " leads out of the desired state",
                                "globs are relative to this file and stay inside the root, as in ../base/**"));
            } else if (found.isEmpty()) {
                problems.add(element.location()
                        .problem(
                                "the glob " + JsonTypeCheck.quoted(text) + " matches no JSON file",
                                "it is relative to this file; " + NameSuggestion.hint(text, globsThere(text))));
            }
            files.addAll(found);
        }
        return files;
    }

    /** The files, and the same glob in each folder, relative to this file. A glob without a match is left out. */
    private List<String> globsThere(String glob) {
        if (sources.names().size() > FEW_FILES) {
            return List.of();
        }
        String last = glob.substring(glob.lastIndexOf('/') + 1);
        String home = DocumentFiles.folder(this.home.file());
        Stream<String> globs = sources.names().stream()
                .map(DocumentFiles::folder)
                .distinct()
                .map(folder -> folder.isEmpty() ? last : folder + "/" + last);
        return Stream.concat(sources.names().stream().filter(file -> !file.equals(this.home.file())), globs)
                .map(path -> Path.of(home).relativize(Path.of(path)).toString().replace('\\', '/'))
                .distinct()
                .filter(path -> {
                    Glob there = Glob.of(home, path);
                    return there != null && !there.among(sources.names()).isEmpty();
                })
                .toList();
    }

    /** @param nameless documents without a usable kind or name */
    private record CollectedDocuments(Map<ResourceId, LocatedJson.Obj> byId, List<LocatedJson.Obj> nameless) {}

    private CollectedDocuments collect(Set<String> files) {
        CollectedDocuments documented = new CollectedDocuments(new TreeMap<>(), new ArrayList<>());
        for (String file : files) {
            problems.addAll(sources.get(file).problems());
            for (LocatedJson element : sources.get(file).documents()) {
                budget.spend(element, element.location());
                if (!(element instanceof LocatedJson.Obj object)) {
                    problems.add(element.location()
                            .problem("expected a document, found another value", "a document is an object: { … }"));
                } else if (!DocumentFiles.isStack(object)) {
                    collect(object, documented);
                }
            }
        }
        return documented;
    }

    private void collect(LocatedJson.Obj object, CollectedDocuments documented) {
        ResourceId id = DraftReader.idOf(object);
        if (id == null) {
            documented.nameless().add(object);
            return;
        }
        LocatedJson.Obj other = documented.byId().putIfAbsent(id, object);
        if (other != null) {
            problems.add(DraftReader.location(object)
                    .problem(
                            id + " is declared twice",
                            "the other one is at " + other.location().file() + ":"
                                    + other.location().line()));
        }
    }

    private boolean unreadable(Set<String> files, ResourceId id) {
        return files.stream().anyMatch(f -> sources.get(f).mayDeclare(id));
    }

    /** Missing values get placeholders here, because their problems were reported already. */
    private Expansion.StackContext stackOf(LocatedJson.Obj stack) {
        String name = name();
        LocatedJson.Obj spec = stack.object("spec");
        String region = spec == null ? null : spec.text("region");
        String account = spec == null ? null : spec.text("account");
        return new Expansion.StackContext(
                name == null ? "stack" : name, region == null ? "region" : region, account == null ? "" : account);
    }

    private static Revision revision(
            StackSettings settings,
            Map<ResourceId, ResourceDraft> drafts,
            Map<ResourceId, DesiredComposite> composites) {
        Map<ResourceId, DesiredResource> resources = new TreeMap<>();
        drafts.forEach((id, draft) -> resources.put(id, draft.resource()));
        return RevisionCodec.of(settings, resources, composites);
    }
}

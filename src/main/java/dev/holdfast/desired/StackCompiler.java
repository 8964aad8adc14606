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
import org.jspecify.annotations.Nullable;

/**
 * Compiles one stack: its settings, the documents that it includes, its patches, its params; every mistake is reported.
 * Used once.
 */
final class StackCompiler {
    private static final Shape STACK = Shape.of(Documents.Stack.class);

    private final KindCatalog catalog;
    private final Composites composites;
    private final Sources sources;
    private final Sources.Source home;
    private final Located.Obj document;
    private final List<Problem> problems = new ArrayList<>();

    StackCompiler(
            KindCatalog catalog, Composites composites, Sources sources, Sources.Source home, Located.Obj document) {
        this.catalog = catalog;
        this.composites = composites;
        this.sources = sources;
        this.home = home;
        this.document = document;
    }

    /** Null if the document does not say. */
    @Nullable
    String name() {
        Located.Obj metadata = document.object("metadata");
        return metadata == null ? null : metadata.text("name");
    }

    Place place() {
        return DraftReader.place(document);
    }

    Loaded compile() {
        problems.addAll(home.problems());
        Substitution substitution = substitution(document.object("spec"));
        Located.Obj stack = settings(substitution);
        if (!(stack.get("spec") instanceof Located.Obj spec)) {
            return new Loaded.Refused(null, problems);
        }
        Set<String> patches = spec.get("patches") instanceof Located.Arr globs ? matched(globs) : Set.of();
        Set<String> included = new TreeSet<>();
        if (spec.get("include") instanceof Located.Arr globs) {
            included.addAll(matched(globs));
        }
        included.removeAll(patches);
        Documented documented = collect(included);
        Patches merged = new Patches(sources, problems);
        merged.apply(patches, documented.byId(), id -> unreadable(included, id));
        Drafts all = new Drafts(catalog, composites, substitution, problems);
        Map<ResourceId, Draft> drafts =
                all.read(documented.byId(), documented.nameless(), stackOf(stack), id -> unreadable(included, id));
        merged.explain(documented.byId().keySet(), drafts);
        Set<ResourceId> declared = new TreeSet<>(documented.byId().keySet());
        declared.addAll(drafts.keySet());
        new GraphCheck(catalog, composites, drafts, id -> unreadable(included, id) || all.mayBePart(id), problems)
                .check(declared);
        new StackChecks(drafts.values(), problems).check();
        if (drafts.isEmpty() && problems.isEmpty()) {
            problems.add(place().problem(
                            "the stack has no resources",
                            "nothing desired is a teardown, and that is asked for by holdfast destroy"));
        }
        String name = name();
        return problems.isEmpty() && name != null
                ? new Loaded.Valid(revision(Settings.of(name, spec), drafts, all.composed()))
                : new Loaded.Refused(null, problems);
    }

    /** Account and region are known to the rest of the stack once params are put into them. */
    private Substitution substitution(Located.@Nullable Obj spec) {
        Located.Obj params = spec == null ? null : spec.object("params");
        Map<String, Located> known = new LinkedHashMap<>();
        Located.Obj metadata = document.object("metadata");
        Located name = metadata == null ? null : metadata.get("name");
        if (name != null) {
            known.put("name", name);
        }
        Substitution early = Substitution.of(params, known, problems);
        for (String field : List.of("account", "region")) {
            Located value = spec == null ? null : spec.get(field);
            if (value != null) {
                known.put(field, early.in(value, Substitution.Holes.PARAMS));
            }
        }
        return Substitution.of(params, known, problems);
    }

    private Located.Obj settings(Substitution substitution) {
        Located.Obj stack = document.without("$schema");
        if (stack.get("spec") instanceof Located.Obj spec) {
            Located params = spec.get("params");
            Located.Obj rest = substitution.object(spec.without("params"), Substitution.Holes.PARAMS);
            stack = stack.with("spec", rest);
            stack = (Located.Obj) stack.withoutNulls();
            // Params may be null: what takes its value from one is absent then.
            if (params != null && !params.isNull() && !(params instanceof Located.Obj)) {
                problems.add(params.place().problem("expected an object of params", "as in { \"env\": \"dev\" }"));
            }
        }
        ShapeCheck.check(stack, STACK, problems);
        if (stack.get("spec") instanceof Located.Obj spec) {
            Settings.check(spec, problems);
        }
        return stack;
    }

    private Set<String> matched(Located.Arr globs) {
        Set<String> files = new TreeSet<>();
        for (Located element : globs.elements()) {
            String text = element.text();
            if (text == null) {
                continue;
            }
            Glob glob = Glob.of(Sources.folder(home.file()), Plain.unescaped(text));
            List<String> found = glob == null ? List.of() : glob.among(sources.files());
            if (glob == null) {
                problems.add(element.place()
                        .problem(
                                "the glob " + ShapeCheck.quoted(text) + " leads out of the desired state",
                                "globs are relative to this file and stay inside the root, as in ../base/**"));
            } else if (found.isEmpty()) {
                problems.add(element.place()
                        .problem(
                                "the glob " + ShapeCheck.quoted(text) + " matches no JSON file",
                                "it is relative to this file; " + Nearest.hint(text, globsThere(text))));
            }
            files.addAll(found);
        }
        return files;
    }

    /** A glob for each folder that has files, as it would be written here. */
    private List<String> globsThere(String glob) {
        String last = glob.substring(glob.lastIndexOf('/') + 1);
        Path here = Path.of(Sources.folder(home.file()));
        return sources.files().stream()
                .map(Sources::folder)
                .distinct()
                .map(folder -> here.relativize(Path.of(folder)).toString().replace('\\', '/'))
                .map(folder -> folder.isEmpty() ? last : folder + "/" + last)
                .toList();
    }

    /** @param nameless documents that do not say what they are */
    private record Documented(Map<ResourceId, Located.Obj> byId, List<Located.Obj> nameless) {}

    private Documented collect(Set<String> files) {
        Documented documented = new Documented(new TreeMap<>(), new ArrayList<>());
        for (String file : files) {
            problems.addAll(sources.get(file).problems());
            for (Located element : sources.get(file).documents()) {
                if (!(element instanceof Located.Obj object)) {
                    problems.add(element.place()
                            .problem("expected a document, found another value", "a document is an object: { … }"));
                } else if (!Sources.isStack(object)) {
                    collect(object, documented);
                }
            }
        }
        return documented;
    }

    private void collect(Located.Obj object, Documented documented) {
        ResourceId id = DraftReader.idOf(object);
        if (id == null) {
            documented.nameless().add(object);
            return;
        }
        Located.Obj other = documented.byId().putIfAbsent(id, object);
        if (other != null) {
            problems.add(DraftReader.place(object)
                    .problem(
                            id + " is declared twice",
                            "the other one is at " + other.place().file() + ":"
                                    + other.place().line()));
        }
    }

    private boolean unreadable(Set<String> files, ResourceId id) {
        return files.stream().anyMatch(f -> sources.get(f).mayDeclare(id));
    }

    /** What of the stack's document is not right has its problem already. */
    private Expansion.Stack stackOf(Located.Obj stack) {
        String name = name();
        Located.Obj spec = stack.object("spec");
        String region = spec == null ? null : spec.text("region");
        String account = spec == null ? null : spec.text("account");
        return new Expansion.Stack(
                name == null ? "stack" : name, region == null ? "region" : region, account == null ? "" : account);
    }

    private static Revision revision(
            StackSettings settings, Map<ResourceId, Draft> drafts, Map<ResourceId, DesiredComposite> composites) {
        Map<ResourceId, DesiredResource> resources = new TreeMap<>();
        drafts.forEach((id, draft) -> resources.put(id, draft.resource()));
        return Revisions.of(settings, resources, composites);
    }
}

package dev.holdfast.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.aws.ImageName;
import dev.holdfast.kind.Image;
import dev.holdfast.kind.ImageResolution;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.kind.SpecModel.Field;
import dev.holdfast.kind.Unresolved;
import dev.holdfast.model.Fault;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Replaces image tags by digests where a document requests it ({@link Image}). Pure.
 *
 * @param wanted the images whose tags have to be resolved
 * @param fault the fault of a tag that could not be resolved, which forbids the use of this spec; null: no fault
 */
record PinnedImages(Set<ImageName> wanted, @Nullable Fault fault) {
    static final PinnedImages NONE = new PinnedImages(Set.of(), null);

    /** @param spec with references resolved; changed in place */
    static PinnedImages pin(
            Class<? extends Record> type,
            ObjectNode spec,
            Function<ImageName, ImageDigests.@Nullable DigestAnswer> answers) {
        Walk walk = new Walk(answers);
        walk.record(type, spec);
        return walk.wanted.isEmpty() && walk.fault == null ? NONE : new PinnedImages(walk.wanted, walk.fault);
    }

    private static final class Walk {
        private final Function<ImageName, ImageDigests.@Nullable DigestAnswer> answers;
        private final Set<ImageName> wanted = new TreeSet<>(Comparator.comparing(ImageName::toString));
        private @Nullable Fault fault;

        Walk(Function<ImageName, ImageDigests.@Nullable DigestAnswer> answers) {
            this.answers = answers;
        }

        void record(Class<?> type, ObjectNode object) {
            for (Field field : SpecModel.of(type).fields()) {
                JsonNode value = object.get(field.name());
                Image image = field.get(Image.class);
                if (image != null) {
                    image(object, field.name(), image);
                } else if (value != null && value.isContainerNode()) {
                    Class<?> inner = field.isCollection() || field.isMap() ? field.element() : field.raw();
                    if (inner.isRecord()) {
                        nested(inner, value, field.isCollection() || field.isMap());
                    }
                }
            }
        }

        private void nested(Class<?> type, JsonNode value, boolean many) {
            if (many) {
                value.forEach(element -> nested(type, element, false));
            } else if (value instanceof ObjectNode object) {
                record(type, object);
            }
        }

        private void image(ObjectNode object, String name, Image rule) {
            JsonNode resolution = object.remove(rule.resolution());
            String image = object.path(name).asText("");
            boolean asked = resolution != null && ImageResolution.Digest.name().equals(resolution.asText());
            if (!asked || image.isEmpty() || Unresolved.is(image) || ImageName.hasDigest(image)) {
                return;
            }
            ImageName parsed = ImageName.parse(image);
            if (parsed == null) {
                failed(fault(
                        Fault.Category.INVALID, "NotInEcr", image + " is not in ECR, so its tag cannot be resolved"));
                return;
            }
            wanted.add(parsed);
            switch (answers.apply(parsed)) {
                case ImageDigests.DigestAnswer.Digest found -> object.put(name, parsed.at(found.digest()));
                case ImageDigests.DigestAnswer.Unresolvable failed -> failed(failed.fault());
                case null ->
                    failed(fault(Fault.Category.TRANSIENT, "NotRead", "the tag of " + image + " was not read yet"));
            }
        }

        /** Only the first of several faults is reported. */
        private void failed(Fault one) {
            fault = fault == null ? one : fault;
        }

        private static Fault fault(Fault.Category category, String code, String message) {
            return new Fault(category, code, message, "", null);
        }
    }
}

package dev.holdfast.kind;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.ArrayList;
import java.util.List;

/** Every kind there is, found on the class path as CDI finds them. */
public final class TestKinds {
    private static final KindCatalog ALL = new KindCatalog(find());

    private TestKinds() {}

    public static KindCatalog all() {
        return ALL;
    }

    private static List<Kind<?>> find() {
        List<Kind<?>> found = new ArrayList<>();
        for (JavaClass c : new ClassFileImporter().importPackages("dev.holdfast.kinds")) {
            if (c.isAssignableTo(Kind.class) && c.isTopLevelClass()) {
                try {
                    found.add((Kind<?>) c.reflect().getConstructor().newInstance());
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException(c.getName() + " needs a public constructor without parameters", e);
                }
            }
        }
        return found;
    }
}

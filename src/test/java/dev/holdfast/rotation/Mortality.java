package dev.holdfast.rotation;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Set;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * Ends a function at one of its requests to Secrets Manager, logins, statements and commits, as Lambda does at its
 * timeout.
 */
final class Mortality {
    /** The end of the process, which no code of the function catches. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    private static final Set<String> EFFECTS = Set.of("execute", "executeQuery", "commit");

    private int left = Integer.MAX_VALUE;

    /** The number of effects before the end. */
    void killAt(int effect) {
        this.left = effect;
    }

    void live() {
        left = Integer.MAX_VALUE;
    }

    SecretsManagerClient of(SecretsManagerClient client) {
        return proxy(SecretsManagerClient.class, client);
    }

    DatabaseLogins of(DatabaseLogins logins) {
        return proxy(DatabaseLogins.class, credentials -> proxy(Connection.class, logins.open(credentials)));
    }

    private <T> T proxy(Class<T> type, T real) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    boolean effect = !Connection.class.isAssignableFrom(type) && !Statement.class.isAssignableFrom(type)
                            || EFFECTS.contains(method.getName());
                    Object result = call(real, method, arguments);
                    if (effect && --left == 0) {
                        if (result instanceof Connection connection) {
                            connection.close();
                        }
                        throw new Killed();
                    }
                    return result instanceof Statement ? proxied(method.getReturnType(), result) : result;
                }));
    }

    private <T> T proxied(Class<T> type, Object real) {
        return proxy(type, type.cast(real));
    }

    private static Object call(Object real, Method method, Object... arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}

package gateway.localfunctions;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds the properties of a class: public getters and setters by the rules of beans, and public fields.
 *
 * <p>A flag whose field itself begins with {@code is}, as {@code isBase64Encoded} does, keeps that name however its methods are called:
 * {@code getIsBase64Encoded}, or {@code isBase64Encoded} with {@code setBase64Encoded}, which is what editors write for it.
 */
final class BeanProperties {
  private static final Map<Class<?>, Map<String, BeanProperty>> KNOWN = new HashMap<>();

  private final Class<?> type;
  private final Map<String, BeanProperty> properties = new TreeMap<>();

  private BeanProperties(Class<?> type) {
    this.type = type;
  }

  /** The properties of a class, in the order of their names. */
  static Collection<BeanProperty> of(Class<?> type) {
    return mapOf(type).values();
  }

  /** The property of that name; null when there is none. */
  static BeanProperty find(Class<?> type, String name) {
    return mapOf(type).get(name);
  }

  private static synchronized Map<String, BeanProperty> mapOf(Class<?> type) {
    return KNOWN.computeIfAbsent(type, missing -> new BeanProperties(missing).collect());
  }

  private Map<String, BeanProperty> collect() {
    Method[] methods = type.getMethods();
    for (Method method : methods) {
      if (isOwn(method) && method.getParameterCount() == 0 && method.getReturnType() != void.class) {
        addGetter(method);
      }
    }
    for (Method method : methods) {
      if (isOwn(method) && method.getParameterCount() == 1 && hasPrefix(method, "set")) {
        String rest = method.getName().substring(3);
        property(isFlag(method.getParameterTypes()[0]) ? flagName(rest) : decapitalize(rest)).offerSetter(method);
      }
    }
    for (Field field : type.getFields()) {
      if (!Modifier.isStatic(field.getModifiers())) {
        property(field.getName()).setField(field);
      }
    }
    return properties;
  }

  private void addGetter(Method method) {
    if (hasPrefix(method, "get")) {
      String rest = method.getName().substring(3);
      property(isFlag(method.getReturnType()) ? flagName(rest) : decapitalize(rest)).setGetter(method);
    } else if (hasPrefix(method, "is") && isFlag(method.getReturnType())) {
      property(flagName(method.getName().substring(2))).setGetter(method);
    }
  }

  private BeanProperty property(String name) {
    return properties.computeIfAbsent(name, BeanProperty::new);
  }

  private String flagName(String rest) {
    String name = decapitalize(rest);
    return hasField("is" + rest) && !hasField(name) ? "is" + rest : name;
  }

  private boolean hasField(String name) {
    for (Class<?> declaring = type; declaring != null; declaring = declaring.getSuperclass()) {
      for (Field field : declaring.getDeclaredFields()) {
        if (field.getName().equals(name)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isOwn(Method method) {
    return !Modifier.isStatic(method.getModifiers()) && !method.isSynthetic() && method.getDeclaringClass() != Object.class;
  }

  private static boolean isFlag(Class<?> type) {
    return type == boolean.class || type == Boolean.class;
  }

  private static boolean hasPrefix(Method method, String prefix) {
    String name = method.getName();
    return name.startsWith(prefix) && name.length() > prefix.length() && !Character.isLowerCase(name.charAt(prefix.length()));
  }

  /** {@code StatusCode} becomes {@code statusCode}; {@code URL} stays, as beans have it. */
  private static String decapitalize(String name) {
    boolean isAcronym = name.length() > 1 && Character.isUpperCase(name.charAt(0)) && Character.isUpperCase(name.charAt(1));
    return isAcronym ? name : Character.toLowerCase(name.charAt(0)) + name.substring(1);
  }
}

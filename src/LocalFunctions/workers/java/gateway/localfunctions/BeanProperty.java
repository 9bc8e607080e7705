package gateway.localfunctions;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;

/** One property of a bean: a getter, a setter, or a public field in place of what is missing of them. */
final class BeanProperty {
  /** Its name in JSON. */
  final String name;

  private Method getter;
  private Method setter;
  private Field field;

  BeanProperty(String name) {
    this.name = name;
  }

  boolean isReadable() {
    return getter != null || field != null;
  }

  boolean isWritable() {
    return setter != null || field != null && !Modifier.isFinal(field.getModifiers());
  }

  /** The type that a value must have. */
  Type type() {
    return setter != null ? setter.getGenericParameterTypes()[0] : field.getGenericType();
  }

  void setGetter(Method method) {
    method.setAccessible(true); // The method is public; its class may not be.
    getter = method;
  }

  /** Takes a setter; of several, the one that goes with the getter. */
  void offerSetter(Method method) {
    if (setter == null || getter != null && getter.getReturnType() == method.getParameterTypes()[0]) {
      method.setAccessible(true);
      setter = method;
    }
  }

  void setField(Field publicField) {
    publicField.setAccessible(true);
    field = publicField;
  }

  Object get(Object bean) {
    try {
      return getter != null ? getter.invoke(bean) : field.get(bean);
    } catch (InvocationTargetException failure) {
      throw Rethrow.unchecked(failure.getCause());
    } catch (IllegalAccessException failure) {
      throw new IllegalStateException(failure);
    }
  }

  void set(Object bean, Object value) {
    try {
      if (setter != null) {
        setter.invoke(bean, value);
      } else {
        field.set(bean, value);
      }
    } catch (InvocationTargetException failure) {
      throw Rethrow.unchecked(failure.getCause());
    } catch (IllegalAccessException failure) {
      throw new IllegalStateException(failure);
    }
  }
}

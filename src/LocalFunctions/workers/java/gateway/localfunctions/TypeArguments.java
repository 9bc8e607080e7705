package gateway.localfunctions;

import java.lang.reflect.Array;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.HashMap;
import java.util.Map;

/** What the type parameters of a type, of its superclasses and of its interfaces stand for. */
final class TypeArguments {
  private final Map<TypeVariable<?>, Type> arguments = new HashMap<>();

  private TypeArguments() {
  }

  /** Collects the arguments of a type that stands alone. */
  static TypeArguments of(Type type) {
    return new TypeArguments().within(type);
  }

  /** Collects the arguments of a type that is named where these hold, such as the {@code List<T>} of a property. */
  TypeArguments within(Type type) {
    TypeArguments inner = new TypeArguments();
    inner.arguments.putAll(arguments);
    inner.collect(type, this);
    return inner;
  }

  /** What the parameter at an index of a class or interface stands for; its bound when nothing says. */
  Type argument(Class<?> generic, int index) {
    return resolve(generic.getTypeParameters()[index]);
  }

  /** A type with its parameters replaced; what it does not know becomes its bound. */
  Type resolve(Type type) {
    if (type instanceof TypeVariable) {
      Type argument = arguments.get(type);
      return argument != null && argument != type ? resolve(argument) : classOf(((TypeVariable<?>) type).getBounds()[0]);
    }
    if (type instanceof WildcardType) {
      return resolve(((WildcardType) type).getUpperBounds()[0]);
    }
    return type;
  }

  /** The class of a type, without its arguments. */
  static Class<?> classOf(Type type) {
    if (type instanceof Class) {
      return (Class<?>) type;
    }
    if (type instanceof ParameterizedType) {
      return (Class<?>) ((ParameterizedType) type).getRawType();
    }
    if (type instanceof GenericArrayType) {
      return Array.newInstance(classOf(((GenericArrayType) type).getGenericComponentType()), 0).getClass();
    }
    return Object.class;
  }

  private void collect(Type type, TypeArguments outer) {
    Class<?> raw = classOf(type);
    if (type instanceof ParameterizedType) {
      Type[] given = ((ParameterizedType) type).getActualTypeArguments();
      for (int i = 0; i < given.length; i++) {
        arguments.put(raw.getTypeParameters()[i], outer.resolve(given[i]));
      }
    }
    if (raw.getGenericSuperclass() != null) {
      collect(raw.getGenericSuperclass(), this);
    }
    for (Type parent : raw.getGenericInterfaces()) {
      collect(parent, this);
    }
  }
}

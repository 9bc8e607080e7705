using System.Collections.Immutable;
using System.Text;
using Gateway.Backends.SystemParameters;
using Gateway.Contracts;
using Microsoft.AspNetCore.Http;

namespace Gateway.Backends.Http;

/// <summary>Takes the AppCode, and names that only the gateway may give, out of a query, and puts system parameters in. Other bytes stay as sent.</summary>
internal sealed class QueryRules
{
    private readonly bool _removesAppCode;
    private readonly SystemValues _values;
    private readonly ImmutableArray<SystemParameter> _added;
    private readonly ImmutableArray<string> _addedNames;

    private QueryRules(bool removesAppCode, ImmutableArray<SystemParameter> added, SystemValues values)
    {
        _removesAppCode = removesAppCode;
        _values = values;
        _added = added;
        _addedNames = [.. added.Select(static parameter => parameter.Name)];
    }

    /// <summary>The rules of an API; null when there is nothing to do.</summary>
    public static QueryRules? Compile(ApiBackend api, SystemValues values)
    {
        ImmutableArray<SystemParameter> added = [.. api.SystemParameters.Where(static parameter => parameter.IsQuery)];
        return api.RemovesAppCodeQuery || !added.IsEmpty ? new QueryRules(api.RemovesAppCodeQuery, added, values) : null;
    }

    /// <summary>The query that goes on, with its question mark; empty when nothing is left of it.</summary>
    public ReadOnlySpan<char> Apply(HttpContext http)
    {
        var target = http.Gateway().Target;
        if (_added.IsEmpty && !ContainsRemoved(target.Query))
        {
            return target.QueryWithMark;
        }

        var query = new StringBuilder(target.Query.Length + 64);
        foreach (var range in target.Query.Split('&'))
        {
            var field = target.Query[range];
            if (!IsRemoved(field) && (field.Length > 0 || target.Query.Length > 0))
            {
                query.Append(query.Length == 0 ? '?' : '&').Append(field);
            }
        }

        foreach (var parameter in _added)
        {
            query.Append(query.Length == 0 ? '?' : '&').Append(Uri.EscapeDataString(parameter.Name))
                .Append('=').Append(Uri.EscapeDataString(_values.Read(parameter.Value, http)));
        }

        return query.Length > 1 ? query.ToString() : default;
    }

    private bool ContainsRemoved(ReadOnlySpan<char> query)
    {
        foreach (var range in query.Split('&'))
        {
            if (IsRemoved(query[range]))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsRemoved(ReadOnlySpan<char> field)
    {
        var equals = field.IndexOf('=');
        var name = equals < 0 ? field : field[..equals];
        if (name.ContainsAny('%', '+') && PercentEncoding.TryDecode(name, plusIsSpace: true, out var decoded))
        {
            name = decoded;
        }

        return (_removesAppCode && AppCodeParameter.IsName(name)) || (!_addedNames.IsEmpty && FoldedName.IsAnyOf(AsRead(name), _addedNames.AsSpan()));
    }

    /// <summary>A name as backends may read it: <c>a[]=1</c> and <c>a[0]=1</c> are values of <c>a</c> to many, and PHP skips blanks before a name and ends it at NUL.</summary>
    private static ReadOnlySpan<char> AsRead(ReadOnlySpan<char> name)
    {
        name = name.TrimStart(' ');
        return name.IndexOfAny('[', '\0') is > 0 and var end ? name[..end] : name;
    }
}

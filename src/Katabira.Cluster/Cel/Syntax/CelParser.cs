using System.Collections.Immutable;
using System.Globalization;

namespace Katabira.Cluster.Cel.Syntax;

/// <summary>Reads an expression: a Pratt parser over the grammar of CEL's language definition. Used once per expression.</summary>
/// <remarks>Not there: message literals, optional list items and map entries, backquoted names, macros with two variables. All are refused by name or
/// place.</remarks>
internal sealed class CelParser
{
    /// <summary>Nesting beyond it is refused, as in the reference implementation; the stack is finite.</summary>
    public const int DeepestExpression = 250;

    private const int RelationLevel = 3;

    private readonly CelLexer _lexer;
    private CelToken _token;
    private int _open;

    private CelParser(string source)
    {
        _lexer = new CelLexer(source);
        _token = _lexer.Next();
    }

    /// <exception cref="CelSyntaxException">The text is not an expression.</exception>
    public static CelExpr Parse(string source)
    {
        var parser = new CelParser(source);
        var expression = parser.Expression();
        return parser._token.Kind == CelTokenKind.End ? expression : throw parser.Unexpected();
    }

    private CelExpr Expression()
    {
        if (++_open > DeepestExpression)
        {
            throw TooDeep(_token.Position);
        }
        var condition = Binary(1);
        if (_token.Is("?"))
        {
            var position = Take().Position;
            var then = Binary(1);
            Expect(":");
            condition = Bounded(new ConditionalExpr(position, condition, then, Expression()));
        }
        _open--;
        return condition;
    }

    private CelExpr Binary(int level)
    {
        var left = Unary();
        while (LevelOf(_token) is var found && found >= level)
        {
            if (found < RelationLevel)
            {
                left = Bounded(Chain(left, found));
                continue;
            }
            var symbol = Take();
            left = Bounded(new CallExpr(symbol.Position, symbol.Text == "in" ? "@in" : $"_{symbol.Text}_", null, [left, Binary(found + 1)]));
        }
        return left;
    }

    /// <summary>Long chains are one flat node: a thousand alternatives are no deeper than two.</summary>
    private LogicExpr Chain(CelExpr first, int level)
    {
        var symbol = _token;
        var operands = ImmutableArray.CreateBuilder<CelExpr>();
        operands.Add(first);
        while (TryTake(symbol.Text))
        {
            operands.Add(Binary(level + 1));
        }
        return new LogicExpr(symbol.Position, symbol.Text == "&&", operands.ToImmutable());
    }

    private static int LevelOf(CelToken token) => token.Kind == CelTokenKind.Identifier
        ? token.Text == "in" ? RelationLevel : 0
        : token.Kind != CelTokenKind.Symbol ? 0 : token.Text switch
        {
            "||" => 1,
            "&&" => 2,
            "==" or "!=" or "<" or "<=" or ">" or ">=" => RelationLevel,
            "+" or "-" => 4,
            "*" or "/" or "%" => 5,
            _ => 0,
        };

    private CelExpr Unary()
    {
        if (!_token.Is("!") && !_token.Is("-"))
        {
            return Member(Primary());
        }
        if (++_open > DeepestExpression)
        {
            throw TooDeep(_token.Position);
        }
        var symbol = Take();
        CelExpr result;
        if (symbol.Text == "-" && _token.Kind is CelTokenKind.Int or CelTokenKind.Double)
        {
            result = Member(Literal(Take(), negative: true));
        }
        else
        {
            result = Bounded(new CallExpr(symbol.Position, symbol.Text == "!" ? "!_" : "-_", null, [Unary()]));
        }
        _open--;
        return result;
    }

    private CelExpr Member(CelExpr operand)
    {
        while (true)
        {
            if (_token.Is("."))
            {
                Take();
                var optional = TryTake("?");
                var name = Name();
                operand = Bounded(!optional && _token.Is("(") ? Call(operand, name) : new SelectExpr(name.Position, operand, name.Text, optional));
            }
            else if (_token.Is("["))
            {
                var position = Take().Position;
                var function = TryTake("?") ? "_[?_]" : "_[_]";
                var index = Expression();
                Expect("]");
                operand = Bounded(new CallExpr(position, function, null, [operand, index]));
            }
            else
            {
                return operand;
            }
        }
    }

    private CelExpr Primary()
    {
        var token = Take();
        switch (token.Kind)
        {
            case CelTokenKind.Int or CelTokenKind.Uint or CelTokenKind.Double or CelTokenKind.String or CelTokenKind.Bytes:
                return Literal(token, negative: false);
            case CelTokenKind.Identifier when token.Text is "true" or "false":
                return new LiteralExpr(token.Position, CelValue.Of(token.Text == "true"));
            case CelTokenKind.Identifier when token.Text == "null":
                return new LiteralExpr(token.Position, CelValue.Null);
            case CelTokenKind.Identifier when CelName.Reserved.Contains(token.Text):
                throw token.Text == "in" ? Unexpected(token) : new CelSyntaxException(token.Position, $"reserved identifier: {token.Text}");
            case CelTokenKind.Identifier when _token.Is("{"):
                throw new CelSyntaxException(token.Position, $"undeclared reference to '{token.Text}' (in container '')");
            case CelTokenKind.Identifier:
                return _token.Is("(") ? Bounded(Call(null, token)) : new NameExpr(token.Position, token.Text);
            case CelTokenKind.Symbol when token.Text == "(":
                var nested = Expression();
                Expect(")");
                return nested;
            case CelTokenKind.Symbol when token.Text == "[":
                return Bounded(new ListExpr(token.Position, List("]")));
            case CelTokenKind.Symbol when token.Text == "{":
                return Bounded(Map(token.Position));
            default:
                throw Unexpected(token);
        }
    }

    private static LiteralExpr Literal(CelToken token, bool negative) => new(token.Position, token.Kind switch
    {
        CelTokenKind.Int when negative => CelValue.Of(unchecked(-(long)token.Value.AsUint)),
        CelTokenKind.Int => token.Value.AsUint <= long.MaxValue
            ? CelValue.Of((long)token.Value.AsUint)
            : throw new CelSyntaxException(token.Position, "invalid int literal"),
        CelTokenKind.Double when negative => CelValue.Of(-token.Value.AsDouble),
        _ => token.Value,
    });

    private CelExpr Call(CelExpr? target, CelToken name)
    {
        Expect("(");
        var arguments = List(")");
        return CelMacros.TryExpand(name, target, arguments) ?? new CallExpr(name.Position, name.Text, target, arguments);
    }

    private ImmutableArray<CelExpr> List(string end)
    {
        var items = ImmutableArray.CreateBuilder<CelExpr>();
        while (!TryTake(end))
        {
            if (items.Count > 0)
            {
                Expect(",");
                if (end != ")" && TryTake(end))
                {
                    break;
                }
            }
            items.Add(Expression());
        }
        return items.ToImmutable();
    }

    private MapExpr Map(int position)
    {
        var keys = ImmutableArray.CreateBuilder<CelExpr>();
        var values = ImmutableArray.CreateBuilder<CelExpr>();
        while (!TryTake("}"))
        {
            if (keys.Count > 0)
            {
                Expect(",");
                if (TryTake("}"))
                {
                    break;
                }
            }
            keys.Add(Expression());
            Expect(":");
            values.Add(Expression());
        }
        return new MapExpr(position, keys.ToImmutable(), values.ToImmutable());
    }

    /// <summary>A field or a method; words that are reserved elsewhere are refused here too, but for those that CEL allows as fields.</summary>
    private CelToken Name()
    {
        var token = Take();
        return token.Kind == CelTokenKind.Identifier && token.Text is not ("in" or "true" or "false" or "null") ? token : throw Unexpected(token);
    }

    private CelToken Take()
    {
        var token = _token;
        if (token.Kind != CelTokenKind.End)
        {
            _token = _lexer.Next();
        }
        return token;
    }

    private bool TryTake(string symbol)
    {
        if (!_token.Is(symbol))
        {
            return false;
        }
        Take();
        return true;
    }

    private void Expect(string symbol)
    {
        if (!TryTake(symbol))
        {
            throw Unexpected();
        }
    }

    private static CelExpr Bounded(CelExpr expression) => expression.Depth <= DeepestExpression ? expression : throw TooDeep(expression.Position);

    private static CelSyntaxException TooDeep(int position) =>
        new(position, string.Create(CultureInfo.InvariantCulture, $"expression recursion limit exceeded: {DeepestExpression}"));

    private CelSyntaxException Unexpected() => Unexpected(_token);

    private static CelSyntaxException Unexpected(CelToken token) => new(token.Position, $"Syntax error: unexpected '{token.Text}'");
}

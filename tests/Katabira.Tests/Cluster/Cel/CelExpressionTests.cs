using Katabira.Cluster.Cel;
using Xunit;

namespace Katabira.Tests.Cluster.Cel;

/// <summary>Expressions without variables: one row, one fact about the language.</summary>
public sealed class CelExpressionTests
{
    [Theory]
    // Precedence and associativity
    [InlineData("1 + 2 * 3 == 7")]
    [InlineData("(1 + 2) * 3 == 9")]
    [InlineData("10 - 3 - 2 == 5")]
    [InlineData("2 * 7 % 4 == 2")]
    [InlineData("1 + 1 == 2 && 3 > 2 || false")]
    [InlineData("true || false && false")]
    [InlineData("!false && !(1 == 2)")]
    [InlineData("!!true")]
    [InlineData("--1 == 1")]
    [InlineData("false ? 1 == 2 : true ? 3 == 3 : false")]
    [InlineData("1 < 2 == true")]
    // Numbers
    [InlineData("9223372036854775807 - 1 == 9223372036854775806")]
    [InlineData("-9223372036854775808 + 1 == -9223372036854775807")]
    [InlineData("0x1F == 31")]
    [InlineData("-0x10 == -16")]
    [InlineData("18446744073709551615u > 1u")]
    [InlineData("7 / 2 == 3 && -7 / 2 == -3")]
    [InlineData("7 % 3 == 1 && -7 % 3 == -1")]
    [InlineData("1.5e3 == 1500.0 && .5 == 0.5")]
    [InlineData("1.0 / 0.0 > 1e308")]
    [InlineData("0.1 + 0.2 != 0.3")]
    // Numbers of different kinds compare by value, where the kind is not known before
    [InlineData("dyn(1) == 1.0 && dyn(1u) == 1 && dyn(1) != 1.5")]
    [InlineData("1 < 1.5 && 2u > 1 && 1.5 < 2u")]
    [InlineData("-1 < 1u")]
    // Text
    [InlineData("'a' + \"b\" == 'ab'")]
    [InlineData("'\\u00e9\\n\\x41\\101\\'' == \"é\\nAA'\"")]
    [InlineData("'\\U0001F431' == '🐱'")]
    [InlineData("r'\\d' == '\\\\d'")]
    [InlineData("'''a'b\"c''' == 'a\\'b\"c'")]
    [InlineData("\"\"\"line\none\"\"\" == 'line\\none'")]
    [InlineData("b'a\\xff' == bytes('a') + b'\\377'")]
    [InlineData("b'ÿ' == b'\\303\\277'")]
    [InlineData("'a' < 'b' && 'a' < 'aa' && 'Z' < 'a'")]
    [InlineData("'\\uffee' < '🐱'")]
    [InlineData("size('añ🐱') == 3 && 'añ🐱'.size() == 3 && size(b'añ') == 3")]
    // Lists and maps
    [InlineData("[1, 2] + [3] == [1, 2, 3]")]
    [InlineData("[[]] != [[1]]")]
    [InlineData("[1, 2, 3][1] == 2 && [1,][0] == 1")]
    [InlineData("2 in [1, 2] && !(3 in [1, 2]) && !(1 in [])")]
    [InlineData("{'a': 1, 'b': 2} == {'b': 2, 'a': 1}")]
    [InlineData("{'a': 1}.a == 1 && {'a': 1}['a'] == 1 && {1: 'x'}[1] == 'x'")]
    [InlineData("'a' in {'a': 1} && !('b' in {'a': 1})")]
    [InlineData("has({'a': 1}.a) && !has({'a': 1}.b)")]
    [InlineData("size([1, 2]) == 2 && {}.size() == 0")]
    // Macros
    [InlineData("[1, 2].all(x, x > 0) && [].all(x, false)")]
    [InlineData("[1, 2].exists(x, x == 2) && ![].exists(x, true)")]
    [InlineData("[1, 2, 1].exists_one(x, x == 2) && ![1, 1].exists_one(x, x == 1) && ![].exists_one(x, true)")]
    [InlineData("[1, 2, 3].filter(x, x > 1) == [2, 3]")]
    [InlineData("[1, 2].map(x, x * 2) == [2, 4]")]
    [InlineData("[1, 2, 3].map(x, x > 1, x * 10) == [20, 30]")]
    [InlineData("{'a': 1, 'b': 2}.all(k, k in ['a', 'b'])")]
    [InlineData("{'a': 1}.map(k, k + '!') == ['a!']")]
    [InlineData("[1, 2].all(x, [3, 4].all(y, x < y))")]
    [InlineData("[1].all(x, [x + 1].all(x, x == 2))")]
    // One operand that decides absorbs the error of the other, in either order
    [InlineData("true || 1 / 0 == 1")]
    [InlineData("1 / 0 == 1 || true")]
    [InlineData("!(false && 1 / 0 == 1)")]
    [InlineData("!(1 / 0 == 1 && false)")]
    [InlineData("[1, 0].exists(x, 2 / x == 2) && [0, 1].exists(x, 2 / x == 2)")]
    [InlineData("![0, 1].all(x, 2 / x == 3)")]
    // Conversions
    [InlineData("int('42') == 42 && int('-0') == 0 && int(4.9) == 4 && int(-4.9) == -4 && int(7u) == 7")]
    [InlineData("uint(7) == 7u && uint('7') == 7u && double(7) == 7.0 && double('1e3') == 1000.0")]
    [InlineData("string(1) == '1' && string(true) == 'true' && string(1.5) == '1.5' && string(1e6) == '1e+06' && string(b'a') == 'a'")]
    [InlineData("bool('t') && !bool('False')")]
    [InlineData("type(1) == int && type('') == string && type([]) == list && type({}) == map && type(null) == null_type && type(type(1)) == type")]
    [InlineData("int(timestamp('1970-01-01T00:01:00Z')) == 60")]
    // Strings' functions
    [InlineData("'tacocat'.contains('coca') && 'a'.contains('')")]
    [InlineData("'tacocat'.startsWith('taco') && 'tacocat'.endsWith('cat')")]
    [InlineData("'tacocat'.matches('^t.*t$') && 'a1b'.matches('[0-9]') && matches('x', 'x')")]
    [InlineData("'tacocat'.substring(4) == 'cat' && 'tacocat'.substring(0, 4) == 'taco' && '🐱b'.substring(1) == 'b' && 'a'.substring(1) == ''")]
    [InlineData("'tacocat'.indexOf('a') == 1 && 'tacocat'.indexOf('a', 3) == 5 && 'x'.indexOf('y') == -1 && '🐱b'.indexOf('b') == 1 && 'tacocat'.lastIndexOf('a') == 5")]
    [InlineData("'TacoCÆt'.lowerAscii() == 'tacocÆt' && 'tacocæt'.upperAscii() == 'TACOCæT'")]
    [InlineData("'a,b,c'.split(',') == ['a', 'b', 'c'] && 'a,b,c'.split(',', 2) == ['a', 'b,c'] && 'ab'.split('') == ['a', 'b'] && 'a'.split(',', 0) == []")]
    [InlineData("['a', 'b'].join() == 'ab' && ['a', 'b'].join('-') == 'a-b' && [].join('x') == ''")]
    [InlineData("'  a\\t'.trim() == 'a'")]
    [InlineData("'aaa'.replace('a', 'b') == 'bbb' && 'aaa'.replace('a', 'b', 2) == 'bba' && 'ab'.replace('', '-') == '-a-b-'")]
    [InlineData("'abc'.charAt(1) == 'b' && 'abc'.charAt(3) == ''")]
    [InlineData("'abc 123'.find('[0-9]+') == '123' && 'a1b2'.findAll('[0-9]') == ['1', '2'] && 'a1b2'.findAll('[0-9]', 1) == ['1'] && 'a'.find('x') == ''")]
    // Times
    [InlineData("duration('1h') == duration('60m') && duration('1.5s') == duration('1500ms') && duration('-1s') < duration('0')")]
    [InlineData("duration('1s') + duration('1ms') > duration('1s') && duration('1m').getSeconds() == 60 && duration('90m').getHours() == 1")]
    [InlineData("timestamp('2026-08-01T00:00:00Z') + duration('24h') == timestamp('2026-08-02T02:00:00+02:00')")]
    [InlineData("timestamp('2026-08-01T12:34:56.5Z').getFullYear() == 2026 && timestamp('2026-08-01T12:34:56.5Z').getMonth() == 7 && timestamp('2026-08-01T12:34:56.5Z').getMilliseconds() == 500")]
    [InlineData("timestamp('2026-08-01T00:00:00Z') - timestamp('2026-07-31T00:00:00Z') == duration('24h')")]
    [InlineData("string(duration('1h1ms')) == '3600.001s' && string(timestamp('2026-08-01T00:00:00.25Z')) == '2026-08-01T00:00:00.25Z'")]
    // URLs and addresses
    [InlineData("url('https://user:pw@example.com:80/a%20b?q=1&q=2#f').getScheme() == 'https'")]
    [InlineData("url('https://example.com:80/a').getHost() == 'example.com:80' && url('https://[::1]:80/').getHostname() == '::1' && url('https://h:80/').getPort() == '80'")]
    [InlineData("url('https://h/with space').getEscapedPath() == '/with%20space' && url('https://h').getEscapedPath() == ''")]
    [InlineData("url('https://h/?a=1&b=2&b=3').getQuery() == {'a': ['1'], 'b': ['2', '3']}")]
    [InlineData("isURL('/abs') && isURL('mailto:x@y') && !isURL('../rel') && !isURL('https://a:b:c/') && !isURL('')")]
    [InlineData("isIP('10.0.0.1') && isIP('fe80::1') && !isIP('010.0.0.1') && !isIP('10.0.0') && !isIP('::ffff:1.2.3.4') && isCIDR('10.0.0.0/8') && !isCIDR('10.0.0.0/33')")]
    // Optionals
    [InlineData("optional.of(1).hasValue() && !optional.none().hasValue() && optional.of(1).value() == 1")]
    [InlineData("optional.none().orValue(2) == 2 && optional.of(1).orValue(2) == 1 && optional.none().or(optional.of(3)).value() == 3")]
    [InlineData("{'a': {'b': 1}}.?a.?b.orValue(0) == 1 && {'a': {'b': 1}}.?x.?b.orValue(0) == 0 && [1][?5].orValue(7) == 7")]
    [InlineData("optional.of(2).optMap(x, x * 2).value() == 4 && !optional.none().optMap(x, x).hasValue() && optional.of(1).optFlatMap(x, optional.of(x)) == optional.of(1)")]
    [InlineData("!optional.ofNonZeroValue('').hasValue() && optional.ofNonZeroValue('a').hasValue()")]
    // Comments and blanks
    [InlineData("true // && false")]
    [InlineData("\t1\r\n+ // one\n 1 == 2")]
    [InlineData("null == null && dyn(1) != null")]
    public void Expression_Evaluated_IsTrue(string expression) => Assert.Equal("true", CelRun.Evaluate(expression));

    [Theory]
    [InlineData("9223372036854775807 + 1 == 0", "integer overflow")]
    [InlineData("-9223372036854775808 - 1 == 0", "integer overflow")]
    [InlineData("9223372036854775807 * 2 == 0", "integer overflow")]
    [InlineData("-(-9223372036854775808) == 0", "integer overflow")]
    [InlineData("-9223372036854775808 / -1 == 0", "integer overflow")]
    [InlineData("-9223372036854775808 % -1 == 0", "integer overflow")]
    [InlineData("0u - 1u == 0u", "unsigned integer overflow")]
    [InlineData("18446744073709551615u * 18446744073709551615u == 0u", "unsigned integer overflow")]
    [InlineData("1 / 0 == 0", "division by zero")]
    [InlineData("1 % 0 == 0", "modulus by zero")]
    [InlineData("1u / 0u == 0u", "division by zero")]
    [InlineData("[1][1] == 1", "index out of bounds: 1")]
    [InlineData("[1][-1] == 1", "index out of bounds: -1")]
    [InlineData("{'a': 1}.b == 1", "no such key: b")]
    [InlineData("{'a': 1}['b'] == 1", "no such key: b")]
    [InlineData("has({'a': {'c': 1}}.b.c)", "no such key: b")]
    [InlineData("{'a': 1, 'a': 2} == {}", "Failed with repeated key a")]
    [InlineData("int('acd') == 1", "type conversion error from 'string' to 'int'")]
    [InlineData("int('1\\u0000') == 1", "type conversion error from 'string' to 'int'")]
    [InlineData("int(1e19) == 1", "integer overflow")]
    [InlineData("int(double('NaN')) == 1", "integer overflow")]
    [InlineData("uint(-1) == 1u", "unsigned integer overflow")]
    [InlineData("bool('yes')", "type conversion error from 'string' to 'bool'")]
    [InlineData("string(b'\\xff') == ''", "invalid UTF-8 in bytes, cannot convert to string")]
    [InlineData("['1d'].all(d, duration(d) == duration('1s'))", "type conversion error from 'string' to 'google.protobuf.Duration'")]
    [InlineData("['2026-13-01T00:00:00Z'].all(t, timestamp(t) == timestamp(0))", "type conversion error from 'string' to 'google.protobuf.Timestamp'")]
    [InlineData("duration('2562047h') + duration('2562047h') == duration('1s')", "duration overflow")]
    [InlineData("timestamp('9999-12-31T23:59:59Z') + duration('1s') == timestamp(0)", "timestamp overflow")]
    [InlineData("'abc'.substring(2, 1) == ''", "invalid substring range. start: 2, end: 1")]
    [InlineData("'abc'.substring(4) == ''", "index out of range: 4")]
    [InlineData("'abc'.charAt(-1) == ''", "index out of range: -1")]
    [InlineData("dyn('a') + 1 == 1", "no such overload")]
    [InlineData("dyn('a') > 1", "no such overload")]
    [InlineData("dyn(1).all(x, true)", "no such overload")]
    [InlineData("[1].all(x, dyn(x))", "no such overload")]
    [InlineData("dyn('a') ? true : false", "no such overload")]
    [InlineData("['['].all(p, 'a'.matches(p))", "error parsing regexp: missing closing ]")]
    [InlineData("double('NaN') < 1.0", "NaN values cannot be ordered")]
    [InlineData("optional.none().value() == 1", "optional.none() dereference")]
    [InlineData("[0, 1].exists_one(x, 1 / x == 1)", "division by zero")]
    [InlineData("[0].map(x, 1 / x) == []", "division by zero")]
    [InlineData("false || 1 / 0 == 1", "division by zero")]
    [InlineData("true && 1 / 0 == 1", "division by zero")]
    [InlineData("(1 / 0 == 1) == true", "division by zero")]
    [InlineData("url('not a url').getHost() == ''", "URL parse error during conversion from string: parse \"not a url\": invalid URI for request")]
    public void Expression_Fails_SaysWhy(string expression, string error) => Assert.Equal("error: " + error, CelRun.Evaluate(expression));

    [Fact]
    public void Expression_EqualityOfDifferentKinds_IsFalseNotAnError() =>
        Assert.Equal("false", CelRun.Evaluate("dyn('1') == dyn(1) || dyn([1]) == dyn({}) || dyn(null) == dyn(0) || dyn(true) == dyn(1)"));
}

/// <summary>Runs an expression and writes what came out.</summary>
internal static class CelRun
{
    public static string Evaluate(string expression)
    {
        var compiled = CelProgram.Compile(expression, CelType.Bool);
        Assert.Null(compiled.Problem);
        return Write(compiled.Program!.Run(new CelFrame(new CelMeter()), default));
    }

    public static string Write(CelValue value) => value.IsError ? "error: " + value.ErrorMessage : value.ToString();
}

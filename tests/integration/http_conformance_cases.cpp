// Sources: RFC 9112 (message syntax, framing), RFC 9110 (semantics), RFC 3986 (targets).
#include "tests/integration/http_conformance_cases.hpp"

#include <utility>

namespace orderflow::net {
namespace {

using namespace std::string_literals;

// A well-formed request around the part that matters.
std::string line(const std::string& request_line) { return request_line + "\r\nHost: shop\r\n\r\n"; }
std::string target(const std::string& text) { return line("GET " + text + " HTTP/1.1"); }
std::string field(const std::string& text) { return "GET /ok HTTP/1.1\r\nHost: shop\r\n" + text + "\r\n\r\n"; }
std::string post(const std::string& fields, const std::string& body) {
    return "POST /echo HTTP/1.1\r\nHost: shop\r\n" + fields + "\r\n\r\n" + body;
}
std::string host(const std::string& value) { return "GET /ok HTTP/1.1\r\nHost:" + value + "\r\n\r\n"; }
std::string chunked(const std::string& body) { return post("Transfer-Encoding: chunked", body); }
std::string coding(const std::string& value) { return post("Transfer-Encoding:" + value, "5\r\nhello\r\n0\r\n\r\n"); }
std::string length(const std::string& value) { return post("Content-Length:" + value, "hello"); }
Case refused(std::string name, std::string request, unsigned status = 400) {
    return {.name = std::move(name), .request = std::move(request), .answers = {status}, .then = Then::closed};
}
Case served(std::string name, std::string request, std::string body = "ok") {
    return {.name = std::move(name), .request = std::move(request), .answers = {200}, .body = std::move(body)};
}

std::vector<Case> request_lines() {
    return {
        served("Get", line("GET /ok HTTP/1.1")),
        served("OneEmptyLineBeforeIsSkipped", "\r\n" + line("GET /ok HTTP/1.1")),
        refused("TwoEmptyLinesBefore", "\r\n\r\n" + line("GET /ok HTTP/1.1")),
        refused("BareLineFeedBefore", "\n" + line("GET /ok HTTP/1.1")),
        refused("BlankBefore", " " + line("GET /ok HTTP/1.1")),
        refused("TabBefore", "\t" + line("GET /ok HTTP/1.1")),
        refused("NulBefore", "\0"s + line("GET /ok HTTP/1.1")),
        refused("TwoBlanksBeforeTarget", line("GET  /ok HTTP/1.1")),
        refused("TwoBlanksBeforeVersion", line("GET /ok  HTTP/1.1")),
        refused("TabAsSeparator", line("GET\t/ok\tHTTP/1.1")),
        refused("TabBeforeVersion", line("GET /ok\tHTTP/1.1")),
        refused("BlankBehindVersion", line("GET /ok HTTP/1.1 ")),
        refused("TabBehindVersion", line("GET /ok HTTP/1.1\t")),
        refused("VersionMissing", line("GET /ok")),
        refused("Http09", "GET /ok\r\n"),
        refused("TargetMissing", line("GET HTTP/1.1")),
        refused("TargetEmpty", line("GET  HTTP/1.1")),
        refused("OnlyMethod", line("GET")),
        refused("OnlyBlanks", line("   ")),
        refused("FourParts", line("GET /ok HTTP/1.1 HTTP/1.1")),
        refused("MethodEmpty", line(" /ok HTTP/1.1")),
        refused("MethodWithParenthesis", line("G(T /ok HTTP/1.1")),
        refused("MethodWithColon", line("GET: /ok HTTP/1.1")),
        refused("MethodWithSlash", line("GET/ /ok HTTP/1.1")),
        refused("MethodWithComma", line("GET,POST /ok HTTP/1.1")),
        refused("MethodWithQuote", line("\"GET\" /ok HTTP/1.1")),
        refused("MethodWithBracket", line("G[ET /ok HTTP/1.1")),
        refused("MethodWithEquals", line("G=ET /ok HTTP/1.1")),
        refused("MethodWithAt", line("G@T /ok HTTP/1.1")),
        refused("MethodWithNul", line("G\0ET /ok HTTP/1.1"s)),
        refused("MethodWithDel", line("G\x7F"
                                      "ET /ok HTTP/1.1")),
        refused("MethodWithHighOctet", line("G\xC3\x89T /ok HTTP/1.1")),
        refused("TlsClientHello", "\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03"s),
        refused("Http2Preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
        refused("RequestLineTooLong", line("GET /" + std::string(9000, 'a') + " HTTP/1.1"), 414),
        refused("RequestLineTooLongWithoutEnd", std::string(9000, 'a'), 414),
        {.name = "MethodUnknown", .request = line("BREW /ok HTTP/1.1"), .answers = {501}},
        {.name = "MethodInLowerCaseIsUnknown", .request = line("get /ok HTTP/1.1"), .answers = {501}},
        {.name = "MethodMixedCaseIsUnknown", .request = line("Get /ok HTTP/1.1"), .answers = {501}},
        {.name = "MethodOfSymbolsIsUnknown", .request = line("!#$%&'*+-.^_`|~ /ok HTTP/1.1"), .answers = {501}},
    };
}

std::vector<Case> versions() {
    return {
        refused("Http12", line("GET /ok HTTP/1.2"), 505),
        refused("Http19", line("GET /ok HTTP/1.9"), 505),
        refused("Http20", line("GET /ok HTTP/2.0"), 505),
        refused("Http30", line("GET /ok HTTP/3.0"), 505),
        refused("Http00", line("GET /ok HTTP/0.0"), 505),
        refused("Http09Written", line("GET /ok HTTP/0.9"), 505),
        refused("Http1", line("GET /ok HTTP/1")),
        refused("Http1Dot", line("GET /ok HTTP/1.")),
        refused("Http110", line("GET /ok HTTP/1.10")),
        refused("Http01", line("GET /ok HTTP/01.1")),
        refused("HttpSigned", line("GET /ok HTTP/+1.1")),
        refused("HttpWithComma", line("GET /ok HTTP/1,1")),
        refused("HttpWithLetter", line("GET /ok HTTP/1.a")),
        refused("LowerCase", line("GET /ok http/1.1")),
        refused("MixedCase", line("GET /ok Http/1.1")),
        refused("OtherProtocol", line("GET /ok RTSP/1.0")),
        refused("NoSlash", line("GET /ok HTTP1.1")),
        refused("TwoSlashes", line("GET /ok HTTP//1.1")),
        refused("Empty", line("GET /ok ")),
        refused("WithNul", line("GET /ok HTTP/1.1\0"s)),
        refused("WithTrailer", line("GET /ok HTTP/1.1x")),
    };
}

std::vector<Case> targets() {
    return {
        served("Origin", target("/ok")),
        served("OriginWithQuery", target("/ok?a=b&c=/?:@")),
        served("OriginWithEmptyQuery", target("/ok?")),
        served("QueryAtRoot", target("/?a")),
        served("AbsoluteForm", target("http://shop/ok")),
        served("AbsoluteFormHttps", target("https://shop/ok")),
        served("AbsoluteFormUpperCaseScheme", target("HTTP://shop/ok")),
        served("AbsoluteFormHostInOtherCase", target("http://SHOP/ok")),
        served("AbsoluteFormWithoutPath", target("http://shop")),
        served("AbsoluteFormWithQueryOnly", target("http://shop?a=b")),
        served("Escape", target("/name/a%20b"), "a b?"),
        served("EscapeInLowerCase", target("/name/%c3%a9"), "\xC3\xA9?"),
        served("EscapedPercentIsDecodedOnce", target("/name/%2541"), "%41?"),
        served("PlusInPathIsPlus", target("/name/a+b"), "a+b?"),
        served("SubDelims", target("/name/!$&'()*+,;=:@-._~"), "!$&'()*+,;=:@-._~?"),
        served("QueryIsNotDecoded", target("/name/a?x=%41"), "a?x=%41"),
        refused("AbsoluteFormOfOtherHost", target("http://other/ok")),
        refused("AbsoluteFormWithOtherPort", target("http://shop:81/ok")),
        refused("AbsoluteFormWithUser", target("http://me@shop/ok")),
        refused("AbsoluteFormWithoutHost", target("http:///ok")),
        refused("AbsoluteFormOtherScheme", target("ftp://shop/ok")),
        refused("AbsoluteFormOneSlash", target("http:/shop/ok")),
        refused("RelativePath", target("ok")),
        refused("AuthorityFormForGet", target("shop:80")),
        refused("AsteriskForGet", target("*")),
        refused("AsteriskWithMore", line("OPTIONS */ HTTP/1.1")),
        refused("Fragment", target("/ok#top")),
        refused("FragmentInQuery", target("/ok?a#b")),
        refused("Backslash", target("/ok\\")),
        refused("Quote", target("/\"ok\"")),
        refused("AngleBrackets", target("/<ok>")),
        refused("Braces", target("/{ok}")),
        refused("Pipe", target("/o|k")),
        refused("Caret", target("/o^k")),
        refused("Backtick", target("/o`k")),
        refused("SquareBracketInPath", target("/o[k]")),
        refused("QuoteInQuery", target("/ok?\"")),
        refused("Nul", target("/o\0k"s)),
        refused("Control", target("/o\x01k")),
        refused("Del", target("/o\x7Fk")),
        refused("HighOctet", target("/\xC3\xA9")),
        refused("HighOctetInQuery", target("/ok?\xC3\xA9")),
        refused("EscapeWithoutDigits", target("/ok%")),
        refused("EscapeWithOneDigit", target("/ok%4")),
        refused("EscapeWithBadDigit", target("/ok%4g")),
        refused("EscapeBrokenInQuery", target("/ok?a=100%")),
        refused("EscapedNul", target("/name/a%00b")),
        refused("EscapedLineFeed", target("/name/a%0ab")),
        refused("EscapedReturn", target("/name/a%0Db")),
        refused("EscapedSlash", target("/name%2Fa")),
        refused("EscapedBackslash", target("/name/a%5Cb")),
        refused("EscapedDel", target("/name/%7f")),
        refused("EscapedBadUtf8", target("/name/%ff")),
        refused("EscapedOverlongSlash", target("/name/%c0%af")),
        refused("EscapedSurrogate", target("/name/%ed%a0%80")),
        {.name = "DotSegmentsAreNoRoute", .request = target("/name/../ok"), .answers = {404}},
        {.name = "EscapedDotSegmentsAreNoRoute", .request = target("/name/%2e%2e/ok"), .answers = {404}},
        {.name = "TwoSlashesAreNoRoute", .request = target("//ok"), .answers = {404}},
        {.name = "TrailingSlashIsAnotherPath", .request = target("/ok/"), .answers = {404}},
        {.name = "EmptyParamIsNoRoute", .request = target("/name/"), .answers = {404}},
        {.name = "UpperCasePathIsAnotherPath", .request = target("/OK"), .answers = {404}},
        {.name = "OtherMethod", .request = line("DELETE /ok HTTP/1.1"), .answers = {405}},
        {.name = "Trace", .request = line("TRACE /ok HTTP/1.1"), .answers = {405}},
        {.name = "Options", .request = line("OPTIONS /ok HTTP/1.1"), .answers = {204}},
        {.name = "OptionsOfServer", .request = line("OPTIONS * HTTP/1.1"), .answers = {204}},
        {.name = "OptionsOfUnknownPath", .request = line("OPTIONS /nowhere HTTP/1.1"), .answers = {404}},
        {.name = "Connect", .request = line("CONNECT shop:443 HTTP/1.1"), .answers = {501}},
        refused("ConnectWithPath", line("CONNECT /ok HTTP/1.1")),
        refused("ConnectWithoutPort", line("CONNECT shop HTTP/1.1")),
    };
}

std::vector<Case> hosts() {
    return {
        served("Name", host(" shop.example")),
        served("NameWithPort", host(" shop.example:8080")),
        served("NoBlank", host("shop")),
        served("ManyBlanks", host(" \t shop \t ")),
        served("Ipv4", host(" 127.0.0.1:80")),
        served("Ipv6", host(" [::1]")),
        served("Ipv6WithPort", host(" [::1]:8080")),
        served("EmptyPort", host(" shop:")),
        served("NameOfFieldInUpperCase", "GET /ok HTTP/1.1\r\nHOST: shop\r\n\r\n"),
        refused("Missing", "GET /ok HTTP/1.1\r\n\r\n"),
        refused("MissingWithOthers", "GET /ok HTTP/1.1\r\nAccept: */*\r\n\r\n"),
        refused("MissingWithAbsoluteForm", "GET http://shop/ok HTTP/1.1\r\n\r\n"),
        refused("Twice", "GET /ok HTTP/1.1\r\nHost: shop\r\nHost: shop\r\n\r\n"),
        refused("TwiceDiffering", "GET /ok HTTP/1.1\r\nHost: shop\r\nAccept: */*\r\nhost: other\r\n\r\n"),
        refused("Empty", host("")),
        refused("OnlyBlanks", host("   ")),
        refused("List", host(" shop, other")),
        refused("ListWithoutBlank", host(" shop,other")),
        refused("User", host(" me@shop")),
        refused("Path", host(" shop/ok")),
        refused("Query", host(" shop?ok")),
        refused("Scheme", host(" http://shop")),
        refused("BlankInside", host(" shop other")),
        refused("PortNotNumeric", host(" shop:80a")),
        refused("PortTooLarge", host(" shop:65536")),
        refused("PortSigned", host(" shop:+80")),
        refused("PortOnly", host(" :80")),
        refused("TwoPorts", host(" shop:80:81")),
        refused("Ipv6WithoutBrackets", host(" ::1")),
        refused("Ipv6Unclosed", host(" [::1")),
        refused("Ipv6Wrong", host(" [:::1]")),
        refused("Ipv6WithTail", host(" [::1]x")),
        refused("Escape", host(" sh%6fp")),
        refused("HighOctet", host(" sh\xC3\xB6p")),
        refused("TwiceInHttp10", "GET /ok HTTP/1.0\r\nHost: shop\r\nHost: shop\r\n\r\n"),
    };
}

std::vector<Case> fields() {
    return {
        served("EmptyValue", field("X-Empty:")),
        served("ValueWithTabs", field("X-Tab: a\tb")),
        served("ValueWithObsText", field("X-Text: caf\xE9")),
        served("ValueWithManyColons", field("X-Colon: a:b:c")),
        served("NameOfSymbols", field("!#$%&'*+-.^_`|~: a")),
        served(
            "SixtyFour", "GET /ok HTTP/1.1\r\nHost: shop\r\n" +
                             [] {
                                 std::string all;
                                 for (int i = 0; i < 63; ++i) all += "X-Many: a\r\n";
                                 return all + "\r\n";
                             }()),
        refused(
            "SixtyFive",
            "GET /ok HTTP/1.1\r\nHost: shop\r\n" +
                [] {
                    std::string all;
                    for (int i = 0; i < 64; ++i) all += "X-Many: a\r\n";
                    return all + "\r\n";
                }(),
            431),
        refused("ValueTooLong", field("X-Long: " + std::string(20000, 'a')), 431),
        refused("ValueTooLongWithoutEnd", "GET /ok HTTP/1.1\r\nX-Long: " + std::string(20000, 'a'), 431),
        refused(
            "AllTogetherTooLong",
            [] {
                std::string all;
                for (int i = 0; i < 9; ++i) all += "X-Long: " + std::string(2000, 'a') + "\r\n";
                return field(all);
            }(),
            431),
        refused("BlankBeforeColon", field("X-Field : a")),
        refused("TabBeforeColon", field("X-Field\t: a")),
        refused("HostWithBlankBeforeColon", "GET /ok HTTP/1.1\r\nHost : shop\r\n\r\n"),
        refused("LengthWithBlankBeforeColon", post("Content-Length : 5", "hello")),
        refused("CodingWithBlankBeforeColon", post("Transfer-Encoding : chunked", "0\r\n\r\n")),
        refused("NameEmpty", field(": a")),
        refused("NoColon", field("X-Field")),
        refused("NameWithBlank", field("X Field: a")),
        refused("NameWithSlash", field("X/Field: a")),
        refused("NameWithBracket", field("X[Field]: a")),
        refused("NameWithQuote", field("\"X\": a")),
        refused("NameWithNul", field("X\0Field: a"s)),
        refused("NameWithHighOctet", field("X-\xC3\xA9: a")),
        refused("FoldWithBlank", field("X-Field: a\r\n b")),
        refused("FoldWithTab", field("X-Field: a\r\n\tb")),
        refused("FoldOnly", field("X-Field:\r\n a")),
        refused("FoldedHost", "GET /ok HTTP/1.1\r\nHost:\r\n shop\r\n\r\n"),
        refused("FoldedCoding", post("Transfer-Encoding:\r\n chunked", "0\r\n\r\n")),
        refused("FirstLineBeginsWithBlank", "GET /ok HTTP/1.1\r\n Host: shop\r\n\r\n"),
        refused("LineOfBlanks", field("   ")),
        refused("ValueWithNul", field("X-Field: a\0b"s)),
        refused("ValueWithBell", field("X-Field: a\x07"
                                       "b")),
        refused("ValueWithDel", field("X-Field: a\x7F"
                                      "b")),
        refused("ValueWithEscape", field("X-Field: \x1B[31m")),
        refused("ValueWithVerticalTab", field("X-Field: a\x0B"
                                              "b")),
        refused("BareReturnInValue", field("X-Field: a\rb")),
        refused("BareReturnAtEnd", "GET /ok HTTP/1.1\r\nHost: shop\r\r\n\r\n"),
        refused("BareReturnHidesField", field("X-Field: a\rContent-Length: 5")),
        refused("BareLineFeedBetween", "GET /ok HTTP/1.1\r\nHost: shop\nX-Field: a\r\n\r\n"),
        refused("BareLineFeedBehindRequestLine", "GET /ok HTTP/1.1\nHost: shop\r\n\r\n"),
        refused("BareLineFeedsOnly", "GET /ok HTTP/1.1\nHost: shop\n\n"),
        refused("BareLineFeedAtEnd", "GET /ok HTTP/1.1\r\nHost: shop\r\n\n"),
        refused("ReturnLineFeedReversed", "GET /ok HTTP/1.1\n\rHost: shop\n\r\n\r"),
        refused("ConnectionMalformed", field("Connection: close;x=(")),
        refused("ConnectionWithQuotes", field("Connection: \"close\"")),
        refused("ExpectationUnknown", post("Expect: 200-ok\r\nContent-Length: 5", "hello"), 417),
        refused("ExpectationList", post("Expect: 100-continue, x\r\nContent-Length: 5", "hello"), 417),
    };
}

std::vector<Case> lengths() {
    return {
        served("Exact", length(" 5"), "hello"),
        served("Zero", post("Content-Length: 0", ""), ""),
        served("None", "POST /echo HTTP/1.1\r\nHost: shop\r\n\r\n", ""),
        served("ForGet", "GET /ok HTTP/1.1\r\nHost: shop\r\nContent-Length: 5\r\n\r\nhello"),
        served("NoBlank", length("5"), "hello"),
        served("BlanksAround", length(" \t5 \t"), "hello"),
        refused("Twice", post("Content-Length: 5\r\nContent-Length: 5", "hello")),
        refused("TwiceDiffering", post("Content-Length: 5\r\nContent-Length: 6", "hello")),
        refused("TwiceInOtherCase", post("Content-Length: 5\r\ncontent-length: 0", "hello")),
        refused("List", length(" 5, 5")),
        refused("ListWithoutBlank", length(" 5,5")),
        refused("ListOfOne", length(" 5,")),
        refused("ListDiffering", length(" 5, 6")),
        refused("Empty", length("")),
        refused("OnlyBlank", length(" ")),
        refused("Plus", length(" +5")),
        refused("Minus", length(" -5")),
        refused("MinusZero", length(" -0")),
        refused("Hexadecimal", length(" 0x5")),
        refused("HexadecimalDigit", length(" a")),
        refused("LeadingZero", length(" 05")),
        refused("ManyZeros", length(" 00")),
        refused("Fraction", length(" 5.0")),
        refused("Exponent", length(" 5e0")),
        refused("Quoted", length(" \"5\"")),
        refused("BlankInside", length(" 5 5")),
        refused("Underscore", length(" 1_0")),
        refused("UnicodeDigit", length(" \xD9\xA5")),
        refused("NulBehind", length(" 5\0"s)),
        refused("Above64Bits", length(" 18446744073709551616")),
        refused("Wraps64Bits", length(" 18446744073709551621")),
        refused("VeryLong", length(" " + std::string(100, '9'))),
        refused("TooLarge", length(" 70000"), 413),
        refused("TooLargeByFar", length(" 10737418240"), 413),
        refused("TooLargeWithExpectation", post("Expect: 100-continue\r\nContent-Length: 70000", ""), 413),
    };
}

std::vector<Case> codings() {
    return {
        served("Chunked", coding(" chunked"), "hello"),
        served("ChunkedInOtherCase", coding(" Chunked"), "hello"),
        served("ChunkedWithoutBlank", coding("chunked"), "hello"),
        served("ChunkedForGet", "GET /ok HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        refused("WithLength", post("Transfer-Encoding: chunked\r\nContent-Length: 5", "0\r\n\r\n")),
        refused("LengthFirst", post("Content-Length: 5\r\nTransfer-Encoding: chunked", "0\r\n\r\n")),
        refused("WithLengthZero", post("Content-Length: 0\r\nTransfer-Encoding: chunked", "0\r\n\r\n")),
        refused("WithLengthMalformed", post("Content-Length: x\r\nTransfer-Encoding: chunked", "0\r\n\r\n")),
        refused("Twice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "0\r\n\r\n")),
        refused("TwiceDiffering", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", "0\r\n\r\n")),
        refused("ChunkedTwiceInList", coding(" chunked, chunked")),
        refused("ChunkedNotLast", coding(" chunked, gzip")),
        refused("ChunkedThenIdentity", coding(" chunked, identity")),
        refused("Empty", coding("")),
        refused("EmptyList", coding(" ,")),
        refused("ChunkedWithEmptyMember", coding(" ,chunked")),
        refused("ChunkedQuoted", coding(" \"chunked\"")),
        refused("ChunkedWithParameter", coding(" chunked;q=1")),
        refused("ChunkedBehindVerticalTab", coding(" \x0B"
                                                   "chunked")),
        refused("ChunkedWithNul", coding(" chunked\0"s)),
        refused("ChunkedWithBlankInside", coding(" chun ked")),
        refused("ChunkedWithHighOctet", coding(" chunked\xA0")),
        refused("ChunkedWithBracket", coding(" [chunked]")),
        refused("Http10", "POST /echo HTTP/1.0\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        refused("Http10WithLength",
                "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nhello"),
        refused("Identity", coding(" identity"), 501),
        refused("Gzip", coding(" gzip"), 501),
        refused("GzipThenChunked", coding(" gzip, chunked"), 501),
        refused("AlmostChunked", coding(" xchunked"), 501),
        refused("AlmostChunkedBehind", coding(" chunkedx"), 501),
        refused("ChunkedWithUnderscore", coding(" chunked_"), 501),
    };
}

std::vector<Case> chunks() {
    return {
        served("Empty", chunked("0\r\n\r\n"), ""),
        served("TwoChunks", chunked("2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"), "hello"),
        served("HexadecimalUpper", chunked("A\r\n0123456789\r\n0\r\n\r\n"), "0123456789"),
        served("HexadecimalLower", chunked("a\r\n0123456789\r\n0\r\n\r\n"), "0123456789"),
        served("LeadingZeros", chunked("0005\r\nhello\r\n000\r\n\r\n"), "hello"),
        served("DataLooksLikeChunk", chunked("5\r\n0\r\n\r\n\r\n0\r\n\r\n"), "0\r\n\r\n"),
        served("Extension", chunked("5;name\r\nhello\r\n0\r\n\r\n"), "hello"),
        served("ExtensionWithValue", chunked("5;name=value;other=\"a\\\"b;c\"\r\nhello\r\n0;last\r\n\r\n"), "hello"),
        served("Trailer", chunked("5\r\nhello\r\n0\r\nX-Sum: 1\r\nX-More: 2\r\n\r\n"), "hello"),
        refused("SizeEmpty", chunked("\r\nhello\r\n0\r\n\r\n")),
        refused("SizeNotHexadecimal", chunked("g\r\nhello\r\n0\r\n\r\n")),
        refused("SizeWithPrefix", chunked("0x5\r\nhello\r\n0\r\n\r\n")),
        refused("SizeWithPlus", chunked("+5\r\nhello\r\n0\r\n\r\n")),
        refused("SizeWithMinus", chunked("-5\r\nhello\r\n0\r\n\r\n")),
        refused("SizeWithUnderscore", chunked("1_0\r\nhello\r\n0\r\n\r\n")),
        refused("SizeWithComma", chunked("5,5\r\nhello\r\n0\r\n\r\n")),
        refused("BlankBeforeSize", chunked(" 5\r\nhello\r\n0\r\n\r\n")),
        refused("BlankBehindSize", chunked("5 \r\nhello\r\n0\r\n\r\n")),
        refused("TabBehindSize", chunked("5\t\r\nhello\r\n0\r\n\r\n")),
        refused("BlankBeforeExtension", chunked("5 ;name\r\nhello\r\n0\r\n\r\n")),
        refused("SizeAbove64Bits", chunked("10000000000000005\r\nhello\r\n0\r\n\r\n")),
        refused("SizeOfManyDigits", chunked(std::string(40, '0') + "5\r\nhello\r\n0\r\n\r\n")),
        refused("SizeTooLarge", chunked("ffffffffffffffff\r\nhello\r\n0\r\n\r\n"), 413),
        refused("SizeAboveBodyLimit", chunked("20000\r\nhello"), 413),
        refused("SumAboveBodyLimit", chunked("8000\r\n" + std::string(0x8000, 'a') + "\r\n8001\r\n"), 413),
        refused("BareLineFeedBehindSize", chunked("5\nhello\r\n0\r\n\r\n")),
        refused("BareReturnBehindSize", chunked("5\rhello\r\n0\r\n\r\n")),
        refused("BareLineFeedBehindData", chunked("5\r\nhello\n0\r\n\r\n")),
        refused("BareReturnBehindData", chunked("5\r\nhello\r0\r\n\r\n")),
        refused("BareLineFeedBehindLast", chunked("5\r\nhello\r\n0\n\n")),
        refused("DataLongerThanSize", chunked("5\r\nhello!\r\n0\r\n\r\n")),
        refused("DataShorterThanSize", chunked("7\r\nhello\r\n0\r\n\r\n")),
        refused("NothingBehindData", chunked("5\r\nhello0\r\n\r\n")),
        refused("ExtensionNameEmpty", chunked("5;\r\nhello\r\n0\r\n\r\n")),
        refused("ExtensionValueEmpty", chunked("5;a=\r\nhello\r\n0\r\n\r\n")),
        refused("ExtensionQuoteOpen", chunked("5;a=\"b\r\nhello\r\n0\r\n\r\n")),
        refused("ExtensionWithNul", chunked("5;a\0b\r\nhello\r\n0\r\n\r\n"s)),
        refused("ExtensionWithBareLineFeed", chunked("5;a\nb\r\nhello\r\n0\r\n\r\n")),
        refused("ExtensionWithBareReturn", chunked("5;a\rb\r\nhello\r\n0\r\n\r\n")),
        refused("ExtensionTooLong", chunked("5;" + std::string(300, 'a') + "\r\nhello\r\n0\r\n\r\n")),
        refused("TrailerMalformed", chunked("0\r\nX Sum: 1\r\n\r\n")),
        refused("TrailerFolded", chunked("0\r\nX-Sum: 1\r\n 2\r\n\r\n")),
        refused("TrailerWithBlankBeforeColon", chunked("0\r\nX-Sum : 1\r\n\r\n")),
        refused("TrailerWithBareLineFeed", chunked("0\r\nX-Sum: 1\nX-More: 2\r\n\r\n")),
        refused("TrailerWithLength", chunked("0\r\nContent-Length: 5\r\n\r\n")),
        refused("TrailerWithCoding", chunked("0\r\nTransfer-Encoding: chunked\r\n\r\n")),
        refused("TrailerWithProxyConnection", chunked("0\r\nProxy-Connection: ,; x\r\n\r\n")),
        refused("TrailerWithHost", chunked("0\r\nHost: other\r\n\r\n")),
        refused("TrailersTooMany",
                chunked("0\r\n" +
                        [] {
                            std::string all;
                            for (int i = 0; i < 65; ++i) all += "X-Many: a\r\n";
                            return all + "\r\n";
                        }()),
                431),
        refused("TrailerTooLong", chunked("0\r\nX-Long: " + std::string(20000, 'a') + "\r\n\r\n"), 431),
    };
}

std::vector<Case> connections() {
    const std::string get_ok = "GET /ok HTTP/1.1\r\nHost: shop\r\n\r\n";
    return {
        {.name = "PipelinedAreAnsweredInOrder",
         .request = get_ok + target("/nowhere") + length(" 5") + get_ok,
         .answers = {200, 404, 200, 200}},
        {.name = "PipelinedBehindChunks",
         .request = chunked("5\r\nhello\r\n0\r\n\r\n") + target("/nowhere"),
         .answers = {200, 404}},
        {.name = "PipelinedBehindUnreadBody",
         .request = "POST /nowhere HTTP/1.1\r\nHost: shop\r\nContent-Length: 5\r\n\r\nhello" + get_ok,
         .answers = {404, 200}},
        {.name = "PipelinedThenMalformed",
         .request = get_ok + "GET /ok\r\n",
         .answers = {200, 400},
         .then = Then::closed},
        {.name = "LineBehindBodyIsSkipped", .request = length(" 5") + "\r\n" + get_ok, .answers = {200, 200}},
        {.name = "RefusedRouteWithChunksCloses",
         .request = "POST /nowhere HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
         .answers = {404},
         .then = Then::closed},
        {.name = "Close", .request = field("Connection: close"), .answers = {200}, .then = Then::closed},
        {.name = "CloseInOtherCase", .request = field("Connection: Close"), .answers = {200}, .then = Then::closed},
        {.name = "CloseInList", .request = field("Connection: x, close ,y"), .answers = {200}, .then = Then::closed},
        {.name = "CloseInSecondField",
         .request = field("Connection: keep-alive\r\nConnection: close"),
         .answers = {200},
         .then = Then::closed},
        {.name = "CloseWins",
         .request = field("Connection: keep-alive, close"),
         .answers = {200},
         .then = Then::closed},
        {.name = "KeepAliveSaid", .request = field("Connection: keep-alive"), .answers = {200}},
        {.name = "OtherOption", .request = field("Connection: x-option"), .answers = {200}},
        {.name = "UpgradeIsIgnored", .request = field("Connection: Upgrade\r\nUpgrade: h2c"), .answers = {200}},
        {.name = "Http10Closes", .request = "GET /ok HTTP/1.0\r\n\r\n", .answers = {200}, .then = Then::closed},
        {.name = "Http10KeepAlive", .request = "GET /ok HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", .answers = {200}},
        {.name = "Http10WithLength",
         .request = "POST /echo HTTP/1.0\r\nContent-Length: 5\r\n\r\nhello",
         .answers = {200},
         .then = Then::closed,
         .body = "hello"},
        {.name = "ContinueNotAskedAgain",
         .request = post("Expect: 100-continue\r\nContent-Length: 5", "hello"),
         .answers = {200},
         .body = "hello"},
        {.name = "ContinueIgnoredForHttp10",
         .request = "POST /echo HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello",
         .answers = {200},
         .then = Then::closed},
    };
}

}  // namespace

std::vector<Case> all_cases() {
    std::vector<Case> all;
    const auto add = [&all](const std::string& group, std::vector<Case> cases) {
        for (auto& one : cases) {
            one.name = group + "_" + one.name;
            all.push_back(std::move(one));
        }
    };
    add("RequestLine", request_lines());
    add("Version", versions());
    add("Target", targets());
    add("Host", hosts());
    add("Field", fields());
    add("ContentLength", lengths());
    add("TransferEncoding", codings());
    add("Chunk", chunks());
    add("Connection", connections());
    return all;
}

}  // namespace orderflow::net

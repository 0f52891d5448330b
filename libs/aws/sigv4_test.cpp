// The canonical form and the signature against what AWS publishes.
#include "libs/aws/sigv4.hpp"

#include <gtest/gtest.h>

#include "libs/aws/aws_time.hpp"
#include "libs/aws/sigv4_signer.hpp"
#include "libs/crypto/hex.hpp"

namespace orderflow::aws {
namespace {

// The keys and the time of AWS's worked examples and of its Signature Version 4 test suite.
const Credentials example{.access_key_id = "AKIDEXAMPLE",
                          .secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"};
const WallTime example_time = parse_amz_date("20150830T123600Z").value();
const std::string empty_sha256 = crypto::to_hex(crypto::sha256(""));

std::string signature_in(const Result<HttpHeaders>& headers) {
    if (!headers) return headers.error().detail();
    const auto& text = headers->back().value;
    return text.substr(text.find("Signature=") + std::string_view("Signature=").size());
}

// A request of the test suite: service "service" at example.amazonaws.com.
std::string suite_signature(std::string_view method, std::string_view path, std::string_view query,
                            std::vector<HeaderView> headers = {}) {
    headers.push_back({"Host", "example.amazonaws.com"});
    return signature_in(
        Signer("us-east-1", "service").headers({method, path, query, headers, empty_sha256}, example, example_time));
}

// AWS General Reference, "Signature Version 4 signing process", tasks 1 to 4: GET ListUsers of IAM.
TEST(SigV4, GivenAwssListUsersExample_WhenSigned_ThenEachStepIsAsPublished) {
    const std::vector<HeaderView> headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"},
                                             {"Host", "iam.amazonaws.com"},
                                             {"X-Amz-Date", "20150830T123600Z"}};
    const std::vector<std::string> names = {"content-type", "host", "x-amz-date"};
    const RequestView request{"GET", "/", "Action=ListUsers&Version=2010-05-08", headers, empty_sha256};
    const CredentialScope scope{"20150830", "us-east-1", "iam"};

    const auto canonical = canonical_request(request, names);

    ASSERT_TRUE(canonical);
    EXPECT_EQ(crypto::to_hex(crypto::sha256(*canonical)),
              "f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59");
    EXPECT_EQ(string_to_sign("20150830T123600Z", scope, *canonical),
              "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/iam/aws4_request\n"
              "f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59");
    EXPECT_EQ(crypto::to_hex(derive_signing_key(example.secret_access_key, scope)),
              "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9");
}

TEST(SigV4, GivenAwssListUsersExample_WhenSigned_ThenTheAuthorizationHeaderIsAsPublished) {
    const std::vector<HeaderView> headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"},
                                             {"Host", "iam.amazonaws.com"}};

    const auto added =
        Signer("us-east-1", "iam")
            .headers({"GET", "/", "Action=ListUsers&Version=2010-05-08", headers, empty_sha256}, example, example_time);

    ASSERT_TRUE(added);
    EXPECT_EQ(*added, (HttpHeaders{{"X-Amz-Date", "20150830T123600Z"},
                                   {"Authorization",
                                    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
                                    "SignedHeaders=content-type;host;x-amz-date, "
                                    "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"}}));
}

// Amazon S3 API reference, "Authenticating requests: using query parameters": GET /test.txt for a day.
TEST(SigV4, GivenAwssPresignedExample_WhenSigned_ThenTheSignatureIsAsPublished) {
    const Credentials key{.access_key_id = "AKIAIOSFODNN7EXAMPLE",
                          .secret_access_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"};
    const std::vector<HeaderView> headers = {{"Host", "examplebucket.s3.amazonaws.com"}};

    const auto query = Signer("us-east-1", "s3")
                           .presigned_query({"GET", "/test.txt", "", headers, "UNSIGNED-PAYLOAD"}, key,
                                            parse_amz_date("20130524T000000Z").value(), 86'400s);

    ASSERT_TRUE(query);
    EXPECT_EQ(*query,
              "X-Amz-Algorithm=AWS4-HMAC-SHA256"
              "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
              "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
              "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
}

// The next tests: expected signatures of AWS's Signature Version 4 test suite, case named in the comment.
TEST(SigV4, GivenPlainRequests_WhenSigned_ThenAsInTheTestSuite) {
    // get-vanilla, post-vanilla
    EXPECT_EQ(suite_signature("GET", "/", ""), "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
    EXPECT_EQ(suite_signature("POST", "/", ""), "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
}

TEST(SigV4, GivenParametersOutOfOrder_WhenSigned_ThenAsInTheTestSuite) {
    // get-vanilla-query-order-key-case
    EXPECT_EQ(suite_signature("GET", "/", "Param2=value2&Param1=value1"),
              "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500");
}

TEST(SigV4, GivenPathsThatAreNotNormal_WhenSigned_ThenAsTheNormalPath) {
    const auto plain = suite_signature("GET", "/", "");
    EXPECT_EQ(suite_signature("GET", "", ""), plain);
    EXPECT_EQ(suite_signature("GET", "//", ""), plain);                        // get-slash
    EXPECT_EQ(suite_signature("GET", "/./", ""), plain);                       // get-slash-dot-slash
    EXPECT_EQ(suite_signature("GET", "/example/..", ""), plain);               // get-relative
    EXPECT_EQ(suite_signature("GET", "/example1/example2/../..", ""), plain);  // get-relative-relative
    EXPECT_EQ(suite_signature("GET", "//a//b/", ""), suite_signature("GET", "/a/b/", ""));
    EXPECT_NE(suite_signature("GET", "/a/b/", ""), suite_signature("GET", "/a/b", ""));
}

TEST(SigV4, GivenAnEscapedPath_WhenCanonical_ThenItIsEscapedOnceMore) {
    const std::vector<HeaderView> headers = {{"Host", "h"}};
    const std::vector<std::string> names = {"host"};

    const auto canonical = canonical_request({"GET", "/a%20b/\xE1\x88\xB4", "", headers, empty_sha256}, names);

    ASSERT_TRUE(canonical);
    EXPECT_TRUE(canonical->starts_with("GET\n/a%2520b/%E1%88%B4\n")) << *canonical;
}

TEST(SigV4, GivenAQueryInManySpellings_WhenCanonical_ThenOneForm) {
    const std::vector<HeaderView> headers = {{"Host", "h"}};
    const std::vector<std::string> names = {"host"};
    const auto query_of = [&](std::string_view query) {
        const auto canonical = canonical_request({"GET", "/", query, headers, empty_sha256}, names);
        if (!canonical) return canonical.error().code();
        return canonical->substr(6, canonical->find('\n', 6) - 6);
    };

    EXPECT_EQ(query_of("b=2&a=%7e&&a=%41&c"), "a=A&a=~&b=2&c=");
    EXPECT_EQ(query_of("x=a+b&x=a%20b&x=a%2Bb"), "x=a%20b&x=a%20b&x=a%2Bb");
    EXPECT_EQ(query_of("a-b=1&a=2"), "a=2&a-b=1") << "sorted by name before value";
    EXPECT_EQ(query_of("a=b=c/d"), "a=b%3Dc%2Fd");
    EXPECT_EQ(query_of("a=1&X-Amz-Signature=ff&X%2DAmz-Signature=ff"), "a=1");
    EXPECT_EQ(query_of("a=%4"), "signature.incomplete");
    EXPECT_EQ(query_of("a=%zz"), "signature.incomplete");
}

TEST(SigV4, GivenHeadersInManySpellings_WhenCanonical_ThenOneForm) {
    const std::vector<HeaderView> headers = {
        {"My-Header", "  a   b \t c  "}, {"HOST", "h"}, {"my-header", "d"}, {"Ignored", "x"}};
    const std::vector<std::string> names = {"host", "my-header"};

    const auto canonical = canonical_request({"GET", "/", "", headers, empty_sha256}, names);

    ASSERT_TRUE(canonical);
    EXPECT_EQ(*canonical, "GET\n/\n\nhost:h\nmy-header:a b c,d\n\nhost;my-header\n" + empty_sha256);
}

TEST(SigV4, GivenARequestBeyondALimit_WhenCanonical_ThenRefused) {
    const std::vector<HeaderView> many(SigV4Limits::headers + 1, HeaderView{"a", "b"});
    const std::string long_value(SigV4Limits::header_bytes, 'x');
    const std::vector<HeaderView> large = {{"a", long_value}};
    const std::string long_path(SigV4Limits::path_bytes + 1, '/');
    const std::string long_query(SigV4Limits::query_bytes + 1, 'x');
    std::string parameters;
    for (std::size_t i = 0; i <= SigV4Limits::query_parameters; ++i) parameters += "a&";
    const auto code_of = [](const RequestView& request) {
        const auto canonical = canonical_request(request, {});
        return canonical ? "none" : canonical.error().code();
    };

    EXPECT_EQ(code_of({"GET", "/", "", many, empty_sha256}), "signature.incomplete");
    EXPECT_EQ(code_of({"GET", "/", "", large, empty_sha256}), "signature.incomplete");
    EXPECT_EQ(code_of({"GET", long_path, "", {}, empty_sha256}), "signature.incomplete");
    EXPECT_EQ(code_of({"GET", "/", long_query, {}, empty_sha256}), "signature.incomplete");
    EXPECT_EQ(code_of({"GET", "/", parameters, {}, empty_sha256}), "signature.incomplete");
}

TEST(SigV4, GivenOneKeyAfterAnother_WhenAskedFor_ThenEachIsItsOwn) {
    SigningKeys keys;
    const CredentialScope today{"20150830", "us-east-1", "sqs"};
    const CredentialScope tomorrow{"20150831", "us-east-1", "sqs"};
    const auto mac = [](const crypto::HmacKey& key) { return key.mac({"message"}); };
    const auto first = mac(keys.of("secret", today));

    EXPECT_NE(mac(keys.of("secret", tomorrow)), first);
    EXPECT_NE(mac(keys.of("other", today)), first);
    EXPECT_EQ(mac(keys.of("secret", today)), first);
    EXPECT_EQ(mac(keys.of("secret", today)), first);
}

TEST(AwsTime, GivenTexts_WhenParsed_ThenOnlyTimesOfTheCalendarInTheExactForm) {
    EXPECT_EQ(to_amz_date(parse_amz_date("20240229T235959Z").value()), "20240229T235959Z");
    EXPECT_EQ(to_amz_date(from_unix_ms(999)), "19700101T000000Z");
    for (const auto* const wrong : {"", "20230229T000000Z", "20240229T240000Z", "20240229T236000Z", "20240229T235960Z",
                                    "20240229T235959", "20240229t235959Z", "2024-229T235959Z", "20241301T000000Z"}) {
        EXPECT_FALSE(parse_amz_date(wrong)) << wrong;
    }
    EXPECT_EQ(parse_iso8601("2024-02-29T23:59:59Z"), parse_amz_date("20240229T235959Z"));
    EXPECT_EQ(parse_iso8601("2024-02-29T23:59:59.123Z"), parse_amz_date("20240229T235959Z"));
    for (const auto* const wrong : {"", "2024-02-29T23:59:59", "2024-02-29T23:59:59.Z", "2024-02-30T23:59:59Z",
                                    "2024-02-29 23:59:59Z", "2024-02-29T23:59:59+01:00", "2024-02-29T23:59:59ZZ"}) {
        EXPECT_FALSE(parse_iso8601(wrong)) << wrong;
    }
}

}  // namespace
}  // namespace orderflow::aws

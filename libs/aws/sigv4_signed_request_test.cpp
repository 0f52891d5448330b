// Reading a signature: everything that is not whole is refused with a reason, and what a client says about itself can
// be read without believing it.
#include "libs/aws/sigv4_signed_request.hpp"

#include <gtest/gtest.h>

#include "libs/aws/aws_time.hpp"

namespace orderflow::aws {
namespace {

const std::string empty_sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const std::string good =
    "AWS4-HMAC-SHA256 Credential=AKID/20261126/us-east-1/sqs/aws4_request, SignedHeaders=host;x-amz-date, Signature=ab";
const std::string good_query =
    "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKID%2F20261126%2Fus-east-1%2Fsqs%2Faws4_request"
    "&X-Amz-Date=20261126T120000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=ab";

RequestView get(std::string_view query, const std::vector<HeaderView>& headers) {
    return {"GET", "/", query, headers, empty_sha256};
}

std::vector<HeaderView> headers_with(std::string_view authorization) {
    return {{"Host", "h"}, {"X-Amz-Date", "20261126T120000Z"}, {"Authorization", authorization}};
}

std::string code_of(const Result<SignedRequest>& read) { return read ? "ok" : read.error().code(); }

std::string header_code(std::string_view authorization) {
    return code_of(read_signature(get("", headers_with(authorization))));
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
    const auto at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    if (at != std::string::npos) text.replace(at, what.size(), by);
    return text;
}

std::string header_code(std::string_view what, std::string_view by) { return header_code(replaced(good, what, by)); }

std::string query_code(const std::string& query) { return code_of(read_signature(get(query, {{"Host", "h"}}))); }

TEST(ReadSignature, GivenAnAuthorizationHeader_WhenRead_ThenEveryPartIsThere) {
    auto headers = headers_with(good);
    headers.push_back({"X-Amz-Security-Token", "token"});
    headers.back().name = "x-amz-security-token";
    const auto all = replaced(good, "x-amz-date", "x-amz-date;x-amz-security-token");
    headers[2].value = all;

    const auto read = read_signature(get("a=b", headers));

    ASSERT_TRUE(read) << read.error().detail();
    EXPECT_EQ(read->credential, (ClaimedCredential{"AKID", {"20261126", "us-east-1", "sqs"}}));
    EXPECT_EQ(read->signed_headers, (std::vector<std::string>{"host", "x-amz-date", "x-amz-security-token"}));
    EXPECT_EQ(read->signature, "ab");
    EXPECT_EQ(read->signed_at, parse_amz_date("20261126T120000Z"));
    EXPECT_EQ(read->security_token, "token");
    EXPECT_FALSE(read->expires);
}

TEST(ReadSignature, GivenAPresignedQuery_WhenRead_ThenEveryPartIsThere) {
    const auto read = read_signature(get(good_query + "&X-Amz-Security-Token=a%2Fb", {{"Host", "h"}}));

    ASSERT_TRUE(read) << read.error().detail();
    EXPECT_EQ(read->credential, (ClaimedCredential{"AKID", {"20261126", "us-east-1", "sqs"}}));
    EXPECT_EQ(read->expires, 60s);
    EXPECT_EQ(read->security_token, "a/b");
}

TEST(ReadSignature, GivenNoSignatureAtAll_WhenRead_ThenMissing) {
    EXPECT_EQ(query_code(""), "signature.missing");
    EXPECT_EQ(query_code("Action=ListQueues&X-Amz-Date=x"), "signature.missing");
}

TEST(ReadSignature, GivenSpacingAsOtherClientsHaveIt_WhenRead_ThenAccepted) {
    EXPECT_EQ(header_code(good), "ok");
    EXPECT_EQ(header_code(", SignedHeaders", ",SignedHeaders"), "ok");
    EXPECT_EQ(header_code(", SignedHeaders", ",   SignedHeaders"), "ok");
    EXPECT_EQ(header_code("SHA256 ", "SHA256  "), "ok");
}

TEST(ReadSignature, GivenAnAuthorizationHeaderThatIsNotWhole_WhenRead_ThenIncomplete) {
    EXPECT_EQ(header_code(""), "signature.incomplete");
    EXPECT_EQ(header_code("Bearer abc"), "signature.incomplete");
    EXPECT_EQ(header_code("AWS AKID:signature"), "signature.incomplete");
    EXPECT_EQ(header_code("AWS4-HMAC-SHA256"), "signature.incomplete");
    EXPECT_EQ(header_code("HMAC-SHA256", "ECDSA-P256-SHA256"), "signature.incomplete");
    EXPECT_EQ(header_code(", Signature=ab", ""), "signature.incomplete");
    EXPECT_EQ(header_code("SignedHeaders=host;x-amz-date, ", ""), "signature.incomplete");
    EXPECT_EQ(header_code("Credential=AKID/20261126/us-east-1/sqs/aws4_request, ", ""), "signature.incomplete");
    EXPECT_EQ(header_code(", Signature=ab", ", Signature=ab, Signature=ab"), "signature.incomplete");
    EXPECT_EQ(header_code(", Signature=ab", ", Signature=ab, Other=1"), "signature.incomplete");
    EXPECT_EQ(header_code(good + std::string(SignatureLimits::authorization, ' ')), "signature.incomplete");
}

TEST(ReadSignature, GivenACredentialThatIsNotWhole_WhenRead_ThenIncomplete) {
    EXPECT_EQ(header_code("AKID/", "/"), "signature.incomplete");
    EXPECT_EQ(header_code("AKID/", ""), "signature.incomplete");
    EXPECT_EQ(header_code("AKID/", "AKID/more/"), "signature.incomplete");
    EXPECT_EQ(header_code("AKID", std::string(SignatureLimits::access_key_id + 1, 'A')), "signature.incomplete");
    EXPECT_EQ(header_code("20261126/", "20261301/"), "signature.incomplete");
    EXPECT_EQ(header_code("20261126/", "2026112/"), "signature.incomplete");
    EXPECT_EQ(header_code("us-east-1", "us:east"), "signature.incomplete");
    EXPECT_EQ(header_code("us-east-1", std::string(SignatureLimits::region + 1, 'r')), "signature.incomplete");
    EXPECT_EQ(header_code("/sqs/", "//"), "signature.incomplete");
    EXPECT_EQ(header_code("aws4_request", "aws5_request"), "signature.incomplete");
    EXPECT_EQ(header_code("aws4_request", "aws4_request/x"), "signature.incomplete");
}

TEST(ReadSignature, GivenHeadersThatHaveToBeSignedAreNot_WhenRead_ThenIncomplete) {
    EXPECT_EQ(header_code("host;x-amz-date", "x-amz-date"), "signature.incomplete");
    EXPECT_EQ(header_code("host;x-amz-date", "host"), "signature.incomplete");
    EXPECT_EQ(header_code("host;x-amz-date", ""), "signature.incomplete");
    EXPECT_EQ(header_code("host;x-amz-date", "x-amz-date;host"), "signature.incomplete") << "not sorted";
    EXPECT_EQ(header_code("host;x-amz-date", "host;host;x-amz-date"), "signature.incomplete");
    EXPECT_EQ(header_code("host;x-amz-date", "Host;x-amz-date"), "signature.incomplete");
    EXPECT_EQ(header_code("host;x-amz-date", "host;;x-amz-date"), "signature.incomplete");
    std::string many = "a";
    for (std::size_t i = 0; i < SigV4Limits::signed_headers; ++i) many += ";b" + std::to_string(1000 + i);
    EXPECT_EQ(header_code("host;x-amz-date", many + ";host;x-amz-date"), "signature.incomplete");
}

TEST(ReadSignature, GivenDatesOrTokensThatAreAmbiguous_WhenRead_ThenIncomplete) {
    auto headers = headers_with(good);
    headers[1].value = "Thu, 26 Nov 2026 12:00:00 GMT";
    EXPECT_EQ(code_of(read_signature(get("", headers))), "signature.incomplete");
    headers.erase(headers.begin() + 1);
    EXPECT_EQ(code_of(read_signature(get("", headers))), "signature.incomplete");
    headers = headers_with(good);
    headers.push_back(headers[1]);
    EXPECT_EQ(code_of(read_signature(get("", headers))), "signature.incomplete");
    headers = headers_with(good);
    headers.push_back(headers[2]);
    EXPECT_EQ(code_of(read_signature(get("", headers))), "signature.incomplete");
    EXPECT_EQ(code_of(read_signature(get(good_query, headers_with(good)))), "signature.incomplete") << "signed twice";
}

TEST(ReadSignature, GivenAPresignedQueryThatIsNotWhole_WhenRead_ThenIncomplete) {
    EXPECT_EQ(query_code(good_query), "ok");
    for (const std::string name :
         {"Algorithm=AWS4-HMAC-SHA256", "Date=20261126T120000Z", "Expires=60", "SignedHeaders=host", "Signature=ab"}) {
        EXPECT_EQ(query_code(replaced(good_query, "X-Amz-" + name, "x=1")), "signature.incomplete") << name;
        EXPECT_EQ(query_code(good_query + "&X-Amz-" + name), "signature.incomplete") << "twice " << name;
    }
    EXPECT_EQ(query_code(replaced(good_query, "X-Amz-Credential", "y")), "signature.incomplete");
    EXPECT_EQ(query_code(replaced(good_query, "HMAC-SHA256", "HMAC-SHA1")), "signature.incomplete");
    EXPECT_EQ(query_code(good_query + "&a%4"), "signature.incomplete");
    EXPECT_EQ(query_code(replaced(good_query, "=60", "=6x")), "signature.incomplete");
    EXPECT_EQ(query_code(good_query + "&X-Amz-Security-Token=" + std::string(SignatureLimits::security_token + 1, 't')),
              "signature.incomplete");
}

TEST(ClaimedCredential, GivenWhateverElseIsWrong_WhenOnlyTheCredentialIsAskedFor_ThenItIsRead) {
    const ClaimedCredential said{"AKID", {"20261126", "us-east-1", "sqs"}};
    EXPECT_EQ(claimed_credential(get("", headers_with(good))), said);
    EXPECT_EQ(claimed_credential(get("", headers_with(replaced(good, ", Signature=ab", "")))), said);
    EXPECT_EQ(claimed_credential(get("", {{"authorization", good}})), said);
    EXPECT_EQ(claimed_credential(get(good_query, {})), said);
    EXPECT_EQ(claimed_credential(get("a=%zz&" + good_query, {})), said);
}

TEST(ClaimedCredential, GivenNothingThatCanBeRead_WhenAskedFor_ThenNothing) {
    EXPECT_EQ(claimed_credential(get("", {})), std::nullopt);
    EXPECT_EQ(claimed_credential(get("", headers_with("Bearer x"))), std::nullopt);
    EXPECT_EQ(claimed_credential(get("", headers_with("AWS4-HMAC-SHA256 Credential="))), std::nullopt);
    EXPECT_EQ(claimed_credential(get("X-Amz-Credential=%4", {})), std::nullopt);
    EXPECT_EQ(claimed_credential(get("X-Amz-Credential", {})), std::nullopt);
}

}  // namespace
}  // namespace orderflow::aws

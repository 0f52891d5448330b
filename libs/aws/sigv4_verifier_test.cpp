// What a server accepts as signed, and what it says about everything else.
#include "libs/aws/sigv4_verifier.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "libs/aws/ascii_names.hpp"
#include "libs/aws/aws_time.hpp"
#include "libs/aws/http_header.hpp"
#include "libs/aws/sigv4_signer.hpp"
#include "libs/aws/uri_escape.hpp"
#include "libs/crypto/hex.hpp"
#include "libs/testing/run_seed.hpp"
#include "libs/testing/seeded_entropy.hpp"

namespace orderflow::aws {
namespace {

const Credentials user{.access_key_id = "AKIDEXAMPLE", .secret_access_key = "a secret"};
const Credentials role{.access_key_id = "ASIAEXAMPLE", .secret_access_key = "another", .session_token = "token/+="};
const WallTime now = parse_amz_date("20261126T120000Z").value();

// A request that owns its texts, so that a test can change each of them.
struct Message {
    std::string method = "POST";
    std::string path = "/000000000000/orders";
    std::string query;
    HttpHeaders headers = {{"Host", "queue.example:9324"},
                           {"Content-Type", "application/x-amz-json-1.0"},
                           {"X-Amz-Target", "AmazonSQS.SendMessage"}};
    std::string body = R"({"MessageBody":"hello"})";

    std::string& header(std::string_view name) {
        for (auto& header : headers) {
            if (equal_names(header.name, name)) return header.value;
        }
        return headers.emplace_back(std::string(name), "").value;
    }
    void erase(std::string_view name) {
        std::erase_if(headers, [&](const HttpHeader& header) { return equal_names(header.name, name); });
    }
    // Calls with a view that is valid during the call.
    template <class Call>
    auto with_view(Call call) const {
        std::vector<HeaderView> views;
        for (const auto& header : headers) views.push_back({header.name, header.value});
        const auto hash = crypto::to_hex(crypto::sha256(body));
        return call(RequestView{method, path, query, views, hash});
    }
};

Message signed_by(const Credentials& who, WallTime at = now, Message message = {}) {
    const auto added =
        message.with_view([&](const RequestView& view) { return Signer("eu-west-1", "sqs").headers(view, who, at); });
    for (const auto& header : added.value()) message.headers.push_back(header);
    return message;
}

Message presigned_by(const Credentials& who, std::chrono::seconds expires, WallTime at = now) {
    Message message{.method = "GET", .query = "Action=ReceiveMessage&X=a%20b", .headers = {{"Host", "q"}}, .body = ""};
    message.query = message
                        .with_view([&](const RequestView& view) {
                            return Signer("eu-west-1", "sqs").presigned_query(view, who, at, expires);
                        })
                        .value();
    return message;
}

// "ok", or the code of the refusal.
std::string verdict(const Message& message, WallTime at = now) {
    return message.with_view([&](const RequestView& view) -> std::string {
        SignatureVerifier verifier("sqs", {user, role});
        const auto verified = verifier.verify(view, at);
        return verified ? "ok" : verified.error().code();
    });
}

void replace(std::string& text, std::string_view what, std::string_view by) {
    const auto at = text.find(what);
    ASSERT_NE(at, std::string::npos) << what << " in " << text;
    text.replace(at, what.size(), by);
}

std::string after_change(Message message, const std::function<void(Message&)>& change) {
    change(message);
    return verdict(message);
}

std::string with_authorization(std::string_view what, std::string_view by) {
    return after_change(signed_by(user), [&](Message& m) { replace(m.header("Authorization"), what, by); });
}

std::string with_query(std::string_view what, std::string_view by) {
    return after_change(presigned_by(user, 60s), [&](Message& m) { replace(m.query, what, by); });
}

TEST(SignatureVerifier, GivenASignedRequest_WhenVerified_ThenItSaysWhoAndForWhichRegion) {
    const auto message = signed_by(user);

    const auto who = message.with_view(
        [](const RequestView& view) { return SignatureVerifier("sqs", {role, user}).verify(view, now); });

    ASSERT_TRUE(who);
    EXPECT_EQ(*who, (ClaimedCredential{"AKIDEXAMPLE", {"20261126", "eu-west-1", "sqs"}}));
    EXPECT_EQ(verdict(presigned_by(user, 60s)), "ok");
}

TEST(SignatureVerifier, GivenAnythingThatWasSignedIsChanged_WhenVerified_ThenTheSignatureDoesNotMatch) {
    const auto changed = [](const std::function<void(Message&)>& change) {
        return after_change(signed_by(user), change);
    };
    EXPECT_EQ(changed([](Message& m) { m.method = "PUT"; }), "signature.mismatch");
    EXPECT_EQ(changed([](Message& m) { m.path = "/000000000000/other"; }), "signature.mismatch");
    EXPECT_EQ(changed([](Message& m) { m.path += '/'; }), "signature.mismatch");
    EXPECT_EQ(changed([](Message& m) { m.query = "Action=PurgeQueue"; }), "signature.mismatch");
    EXPECT_EQ(changed([](Message& m) { m.body += ' '; }), "signature.mismatch");
    EXPECT_EQ(changed([](Message& m) { m.header("Host") = "elsewhere"; }), "signature.mismatch");
    EXPECT_EQ(changed([](Message& m) { m.header("Content-Type") = "text/plain"; }), "signature.mismatch");
    EXPECT_EQ(changed([](Message& m) { m.header("X-Amz-Target") = "AmazonSQS.PurgeQueue"; }), "signature.mismatch");
    EXPECT_EQ(changed([](Message& m) { m.headers.push_back({"X-Amz-Target", "x"}); }), "signature.mismatch");
    EXPECT_EQ(changed([](Message& m) { m.erase("Content-Type"); }), "signature.mismatch");
    EXPECT_EQ(changed([](Message& m) { m.header("X-Amz-Date") = "20261126T120001Z"; }), "signature.mismatch");
    EXPECT_EQ(changed([](Message& m) { m.header("X-Amz-Date") = "20261127T000000Z"; }), "signature.mismatch");
}

TEST(SignatureVerifier, GivenThePartsOfTheSignatureAreChanged_WhenVerified_ThenItDoesNotMatch) {
    EXPECT_EQ(with_authorization("eu-west-1", "eu-west-2"), "signature.mismatch");
    EXPECT_EQ(with_authorization("/sqs/", "/sns/"), "signature.mismatch");
    EXPECT_EQ(with_authorization("20261126", "20261125"), "signature.mismatch");
    EXPECT_EQ(with_authorization("content-type;", ""), "signature.mismatch");
    EXPECT_EQ(with_authorization("AKIDEXAMPLE", "NOBODY"), "signature.unknown_key");
    EXPECT_EQ(with_authorization("AKIDEXAMPLE", "ASIAEXAMPLE"), "signature.unknown_key") << "its token is missing";
}

TEST(SignatureVerifier, GivenASignatureOfAnotherLengthOrCase_WhenVerified_ThenItDoesNotMatch) {
    const auto with_signature = [](auto change) {
        return after_change(signed_by(user), [&](Message& m) {
            auto& text = m.header("Authorization");
            const auto at = text.rfind('=') + 1;
            text = text.substr(0, at) + change(text.substr(at));
        });
    };
    EXPECT_EQ(with_signature([](std::string s) { return s; }), "ok");
    EXPECT_EQ(with_signature([](std::string s) { return s.substr(1); }), "signature.mismatch");
    EXPECT_EQ(with_signature([](std::string s) { return s.substr(0, 63); }), "signature.mismatch");
    EXPECT_EQ(with_signature([](const std::string& s) { return s + "0"; }), "signature.mismatch");
    EXPECT_EQ(with_signature([](const std::string&) { return std::string(); }), "signature.mismatch");
    EXPECT_EQ(with_signature([](const std::string&) { return std::string(64, '0'); }), "signature.mismatch");
    EXPECT_EQ(with_signature([](const std::string&) { return std::string(129, '0'); }), "signature.incomplete");
    for (std::size_t i = 0; i < 64; ++i) {
        EXPECT_EQ(with_signature([&](std::string s) {
                      s[i] = s[i] == '0' ? '1' : '0';
                      return s;
                  }),
                  "signature.mismatch");
    }
}

TEST(SignatureVerifier, GivenAPresignedRequestIsChanged_WhenVerified_ThenRefused) {
    EXPECT_EQ(with_query("Action=ReceiveMessage", "Action=PurgeQueue"), "signature.mismatch");
    EXPECT_EQ(with_query("X=a%20b", "X=a%2Bb"), "signature.mismatch");
    EXPECT_EQ(with_query("X=a%20b", "X=a+b"), "ok") << "two spellings of the same value";
    EXPECT_EQ(with_query("Action", "more&Action"), "signature.mismatch");
    EXPECT_EQ(with_query("X-Amz-Expires=60", "X-Amz-Expires=61"), "signature.mismatch");
    EXPECT_EQ(with_query("X-Amz-Expires=60", "X-Amz-Expires=0"), "signature.incomplete");
    EXPECT_EQ(with_query("X-Amz-Expires=60", "X-Amz-Expires=604801"), "signature.incomplete");
    EXPECT_EQ(with_query("X-Amz-Expires=60", "X-Amz-Expires=-1"), "signature.incomplete");
    EXPECT_EQ(with_query("X-Amz-Expires=60", "X-Amz-Expires=99999999999999999999"), "signature.incomplete");
    EXPECT_EQ(with_query("&X-Amz-Expires=60", ""), "signature.incomplete");
    EXPECT_EQ(with_query("%2Fsqs%2F", "%2Fsns%2F"), "signature.mismatch");
    EXPECT_EQ(with_query("X-Amz-Date=20261126T120000Z", "X-Amz-Date=20261126T120001Z"), "signature.mismatch");
    EXPECT_EQ(after_change(presigned_by(user, 60s), [](Message& m) { m.body = "x"; }), "signature.mismatch");
    EXPECT_EQ(after_change(presigned_by(user, 60s), [](Message& m) { m.header("Host") = "other"; }),
              "signature.mismatch");
    EXPECT_EQ(
        after_change(presigned_by(user, 60s), [](Message& m) { m.header("X-Amz-Target") = "AmazonSQS.PurgeQueue"; }),
        "signature.incomplete");
}

TEST(SignatureVerifier, GivenARequestFromAnotherTime_WhenVerified_ThenOnlyWithin15Minutes) {
    const auto message = signed_by(user);
    EXPECT_EQ(verdict(message, now + clock_skew_max), "ok");
    EXPECT_EQ(verdict(message, now - clock_skew_max), "ok");
    EXPECT_EQ(verdict(message, now + clock_skew_max + 1s), "signature.skewed");
    EXPECT_EQ(verdict(message, now - clock_skew_max - 1s), "signature.skewed");
}

TEST(SignatureVerifier, GivenAPresignedRequest_WhenItsTimeIsOver_ThenExpired) {
    EXPECT_EQ(verdict(presigned_by(user, 1s), now + 1s), "ok");
    EXPECT_EQ(verdict(presigned_by(user, 1s), now + 1001ms), "signature.expired");
    EXPECT_EQ(verdict(presigned_by(user, 604'800s), now + 604'800s), "ok");
    EXPECT_EQ(verdict(presigned_by(user, 604'800s), now + 604'801s), "signature.expired");
    EXPECT_EQ(verdict(presigned_by(user, 60s), now - 16min), "signature.skewed");
}

TEST(SignatureVerifier, GivenSessionTokens_WhenVerified_ThenOnlyTheKeysOwnCounts) {
    EXPECT_EQ(verdict(signed_by(role)), "ok");
    EXPECT_EQ(verdict(presigned_by(role, 60s)), "ok");
    auto other = role;
    other.session_token = "another token";
    EXPECT_EQ(verdict(signed_by(other)), "signature.unknown_key");
    EXPECT_EQ(verdict(presigned_by(other, 60s)), "signature.unknown_key");
    auto none = role;
    none.session_token.clear();
    EXPECT_EQ(verdict(signed_by(none)), "signature.unknown_key");
    auto user_with_token = user;
    user_with_token.session_token = "x";
    EXPECT_EQ(verdict(signed_by(user_with_token)), "signature.unknown_key");
}

TEST(SignatureVerifier, GivenTheWrongSecret_WhenVerified_ThenItDoesNotMatchAndTheErrorHoldsNoSecret) {
    auto impostor = user;
    impostor.secret_access_key = "guessed";
    const auto refusal = signed_by(impostor).with_view(
        [](const RequestView& view) { return SignatureVerifier("sqs", {user}).verify(view, now).error(); });
    EXPECT_EQ(refusal.code(), "signature.mismatch");
    EXPECT_FALSE(refusal.detail().contains(user.secret_access_key));
}

TEST(SignatureVerifier, GivenNobodyIsKnown_WhenVerified_ThenRefused) {
    const auto refusal = signed_by(user).with_view(
        [](const RequestView& view) { return SignatureVerifier("sqs", {}).verify(view, now).error(); });
    EXPECT_EQ(refusal.code(), "signature.unknown_key");
}

TEST(SignatureVerifier, GivenAnyRequest_WhenSignedAndVerified_ThenAcceptedAndWithOneByteChangedRefused) {
    SeededEntropy random(run_seed());
    const auto text = [&](std::size_t length_max, std::string_view alphabet) {
        std::string out;
        for (auto n = random.below(length_max + 1); n > 0; --n) out += alphabet[random.below(alphabet.size())];
        return out;
    };
    for (int round = 0; round < 500; ++round) {
        SCOPED_TRACE("seed " + std::to_string(run_seed()) + " round " + std::to_string(round));
        Message message{.method = "POST", .path = "/" + text(20, "ab/.%-~ "), .query = "", .headers = {}, .body = ""};
        for (auto n = random.below(6); n > 0; --n) {
            message.query += escaped(text(5, "ab=&+ %/")) + "=" + escaped(text(8, "xyz&=+ %\xC3\xA4")) + "&";
        }
        message.body = text(50, "abc{}\"\n");
        message.headers = {{"Host", "h"}, {"X-Thing", text(12, "a b\t,;")}, {"X-Amz-Target", text(9, "AZ.")}};
        message = signed_by(round % 2 == 0 ? user : role, now, std::move(message));
        ASSERT_EQ(verdict(message), "ok");

        message.body += 'x';
        EXPECT_EQ(verdict(message), "signature.mismatch");
        message.body.pop_back();
        message.header("X-Thing") += "x";
        EXPECT_EQ(verdict(message), "signature.mismatch");
    }
}

}  // namespace
}  // namespace orderflow::aws

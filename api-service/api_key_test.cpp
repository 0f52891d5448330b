// API keys: their text, their list, and what a list says of a key.
#include "api-service/api_key.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api-service/api_fixture_test.hpp"
#include "api-service/api_key_list.hpp"

namespace orderflow::api {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

class ApiKeyTest : public testing::Test {
  protected:
    SeededEntropy entropy{3};
    ApiKey key = key_of("acme", {Scope::orders_write});
    const std::string text = make_api_key(key, entropy, toy_digest);

    static std::string wrong_with(const std::string& list) {
        const auto keys = decode_api_keys(list);
        return keys ? "" : keys.error().code() + " " + keys.error().detail();
    }
};

TEST_F(ApiKeyTest, GivenANewKey_ThenItHasItsFormAndOnlyItsDigestIsKept) {
    EXPECT_THAT(text, SizeIs(85));
    EXPECT_TRUE(text.starts_with("ofk_" + key.id + "_"));
    EXPECT_EQ(key.digest, toy_digest(text));
    EXPECT_EQ(encode_api_keys({key}).find(text.substr(21)), std::string::npos);
}

TEST_F(ApiKeyTest, GivenTexts_ThenOnlyTheWholeKeyIsFound) {
    const ApiKeys keys({key});
    ASSERT_NE(keys.find(text, toy_digest), nullptr);
    EXPECT_EQ(keys.find(text, toy_digest)->tenant, "acme");

    auto other = text;
    other.back() = other.back() == '0' ? '1' : '0';
    EXPECT_EQ(keys.find(other, toy_digest), nullptr);
    EXPECT_EQ(keys.find(text.substr(0, text.size() - 1), toy_digest), nullptr);
    EXPECT_EQ(keys.find(text + "0", toy_digest), nullptr);
    EXPECT_EQ(keys.find("ofk_" + key.id, toy_digest), nullptr);
    EXPECT_EQ(keys.find("", toy_digest), nullptr);
    EXPECT_EQ(ApiKeys().find(text, toy_digest), nullptr);
}

TEST_F(ApiKeyTest, GivenItsDates_ThenItIsGoodUntilThen) {
    EXPECT_TRUE(key.is_good(samples::at(1'000'000)));
    key.expires_at = samples::at(10);
    EXPECT_TRUE(key.is_good(samples::at(9)));
    EXPECT_FALSE(key.is_good(samples::at(10)));
    key.expires_at.reset();
    key.revoked_at = samples::at(5);
    EXPECT_FALSE(key.is_good(samples::at(1)));
}

TEST_F(ApiKeyTest, GivenAList_ThenItComesBackEqual) {
    auto second = key;
    make_api_key(second, entropy, toy_digest);
    second.note = "web \"shop\"";
    second.rate = 50;
    second.scopes = {Scope::orders_read, Scope::orders_write};
    second.expires_at = samples::at(9);
    second.revoked_at = samples::at(8);

    EXPECT_EQ(decode_api_keys(encode_api_keys({key, second})).value(), (std::vector{key, second}));
    EXPECT_THAT(decode_api_keys(encode_api_keys({})).value(), SizeIs(0));
}

TEST_F(ApiKeyTest, GivenListsThatAreDamaged_ThenTheErrorSaysWhere) {
    const auto good = encode_api_keys({key});
    const auto with = [&](const std::string& from, const std::string& to) {
        auto list = good;
        return list.replace(list.find(from), from.size(), to);
    };
    EXPECT_EQ(wrong_with(good), "");
    EXPECT_THAT(wrong_with(""), HasSubstr("api_keys.malformed"));
    EXPECT_THAT(wrong_with("[]"), HasSubstr("api_keys.malformed"));
    EXPECT_THAT(wrong_with(R"({"keys":{}})"), HasSubstr("api_keys.malformed"));
    EXPECT_THAT(wrong_with(R"({"keys":[7]})"), HasSubstr("/keys/0"));
    EXPECT_THAT(wrong_with(with("acme", "Acme Inc")), HasSubstr("/keys/0/tenant"));
    EXPECT_THAT(wrong_with(with("orders:write", "orders:*")), HasSubstr("/keys/0/scopes"));
    EXPECT_THAT(wrong_with(with("\"digest\":\"", "\"digest\":\"x")), HasSubstr("/keys/0/digest"));
    EXPECT_THAT(wrong_with(with("\"tenant\"", "\"secret\":1,\"tenant\"")), HasSubstr("/keys/0/secret"));
    EXPECT_THAT(wrong_with(encode_api_keys({key, key})), HasSubstr(key.id));
}

TEST(Tenant, GivenNames_ThenPlainOnesPass) {
    EXPECT_TRUE(is_tenant("default"));
    EXPECT_TRUE(is_tenant("7-seas_shop"));
    EXPECT_TRUE(is_tenant(std::string(64, 'a')));
    EXPECT_FALSE(is_tenant(std::string(65, 'a')));
    EXPECT_FALSE(is_tenant(""));
    EXPECT_FALSE(is_tenant("-a"));
    EXPECT_FALSE(is_tenant("Acme"));
    EXPECT_FALSE(is_tenant("a b"));
}

}  // namespace
}  // namespace orderflow::api

#include "libs/contract/draft_json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/contract/fingerprint.hpp"
#include "libs/json/parse.hpp"
#include "libs/testing/order_samples.hpp"
#include "libs/testing/seeded_entropy.hpp"

namespace orderflow::contract {
namespace {

namespace samples = orders::samples;

Result<orders::OrderDraft> decoded(std::string_view text) {
    const auto document = json::parse(text, {.bytes = 1 << 20});
    return decode_draft(document.value());
}

// Random drafts that read_order_request() could have given.
class DraftGenerator {
  public:
    explicit DraftGenerator(std::uint64_t seed) : entropy_(seed) {}

    orders::OrderDraft next() {
        auto draft = samples::draft();
        draft.currency = orders::Currency::parse(pick({"EUR", "JPY", "KWD", "GBP"})).value();
        draft.lines.clear();
        for (auto n = 1 + entropy_.below(5); n > 0; --n) {
            draft.lines.emplace_back(samples::sku("S-" + std::to_string(entropy_.below(9))),
                                     static_cast<std::int64_t>(1 + entropy_.below(1'000'000)));
        }
        draft.customer.name = text(200);
        draft.customer.phone = maybe("+49 421 1234");
        draft.customer.id = maybe_text(64);
        draft.shipping_address.line2 = maybe_text(200);
        draft.shipping_address.region = maybe_text(100);
        if (chance()) draft.shipping_address.postal_code.clear();
        if (chance()) draft.billing_address = draft.shipping_address;
        if (chance()) draft.payment = samples::preauthorized(text(255));
        if (chance()) draft.payment = samples::invoice();
        if (chance()) draft.amounts = amounts(draft.lines.size());
        if (chance()) draft.expected_total = static_cast<std::int64_t>(entropy_.next_u64() >> 1U);
        draft.client_reference = maybe_text(100);
        if (chance()) draft.notes = text(100) + "\n" + text(100);
        for (auto n = entropy_.below(4); n > 0; --n)
            draft.metadata.emplace_back("k" + std::to_string(4 - n), text(500));
        return draft;
    }

  private:
    orders::GivenAmounts amounts(std::size_t lines) {
        orders::GivenAmounts given;
        given.shipping = amount();
        given.tax = amount();
        for (std::size_t i = 0; i < lines; ++i) {
            auto& line = given.lines.emplace_back();
            line.unit_price = amount();
            if (line.unit_price > 0) line.discount = amount() % line.unit_price;
            line.tax = amount();
            given.tax += line.tax;
        }
        given.discount = amount() % (given.shipping + given.tax + 1);
        return given;
    }
    std::int64_t amount() { return chance() ? 0 : static_cast<std::int64_t>(entropy_.below(1'000'000'000)); }
    bool chance() { return entropy_.below(2) == 0; }
    std::string pick(std::vector<std::string> from) { return from[entropy_.below(from.size())]; }
    std::optional<std::string> maybe(std::string value) {
        return chance() ? std::optional(std::move(value)) : std::nullopt;
    }
    std::optional<std::string> maybe_text(std::size_t max) {
        return chance() ? std::optional(text(max)) : std::nullopt;
    }
    std::string text(std::size_t max) {
        std::string result = "x";
        for (auto n = entropy_.below(max - 1); n > 0; --n) {
            result += pick({"a", "\"", "\\", "/", " ", "\u00e9", "\u4e2d", "\U0001F600", "\u2028", "<", "'", "\u0301"});
        }
        result.back() == ' ' ? void(result.back() = 'y') : void();
        return result.ends_with("\u2028") ? "z" : result;
    }

    SeededEntropy entropy_;
};

TEST(DraftJson, GivenRandomDrafts_ThenDecodingGivesTheSameDraftBack) {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        const auto draft = DraftGenerator(seed).next();

        const auto back = decoded(encode_draft(draft));

        ASSERT_TRUE(back) << back.error().detail();
        EXPECT_EQ(*back, draft);
        EXPECT_EQ(encode_draft(*back), encode_draft(draft));
    }
}

// A change of this text changes the fingerprint of every order that waits for a repeated key.
TEST(DraftJson, GivenAFullDraft_ThenTheCanonicalFormIsFixed) {
    auto draft = samples::draft({{"mug", 2}, {"lamp", 1}});
    draft.customer.id = "c-1";
    draft.customer.phone = "+49 421 1234";
    draft.shipping_address.line2 = "2nd floor";
    draft.shipping_address.region = "Berlin";
    draft.billing_address = orders::Address(samples::germany());
    draft.billing_address->line1 = "Bank 1";
    draft.billing_address->city = "Bremen";
    draft.expected_total = 8211;
    draft.client_reference = "web-1";
    draft.notes = "a\nb";
    draft.metadata = {{"a", "1"}, {"b", ""}};

    EXPECT_EQ(encode_draft(draft),
              R"({"currency":"EUR","items":[{"sku":"mug","quantity":2},{"sku":"lamp","quantity":1}],)"
              R"("customer":{"id":"c-1","name":"Ada Muster","email":"ada@example.org","phone":"+49 421 1234"},)"
              R"("shipping_address":{"name":"Ada Muster","line1":"Hauptstrasse 1","line2":"2nd floor","city":"Berlin",)"
              R"("region":"Berlin","postal_code":"10115","country":"DE"},)"
              R"("billing_address":{"line1":"Bank 1","city":"Bremen","country":"DE"},)"
              R"("payment":{"mode":"token","token":"tok_ok"},"expected_total":8211,"client_reference":"web-1",)"
              R"("notes":"a\nb","metadata":{"a":"1","b":""}})");
}

TEST(DraftJson, GivenADamagedDraft_ThenTheFirstBrokenRuleIsNamed) {
    const auto back = decoded(R"({"currency":"EUR"})");

    ASSERT_FALSE(back);
    EXPECT_EQ(back.error().code(), "draft.malformed");
    EXPECT_EQ(back.error().detail(), "/items: required. Is missing.");
}

TEST(Fingerprint, GivenOperationAndDraft_ThenBothAreHashedWithALineFeedBetween) {
    std::string hashed;
    const Sha256 spy = [&](std::string_view content) {
        hashed = content;
        std::array<std::byte, 32> digest{};
        digest[0] = std::byte{42};
        return digest;
    };

    const auto fingerprint = fingerprint_of(create_operation, "{}", spy);

    EXPECT_EQ(hashed, "orders.create\n{}");
    EXPECT_EQ(fingerprint.bytes[0], std::byte{42});
}

}  // namespace
}  // namespace orderflow::contract

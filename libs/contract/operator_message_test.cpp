#include "libs/contract/operator_message.hpp"

#include <gtest/gtest.h>

#include "libs/contract/draft_json.hpp"
#include "libs/contract/order_message.hpp"
#include "libs/testing/order_samples.hpp"

namespace orderflow::contract {
namespace {

namespace samples = orders::samples;

orders::OperatorCommand command_of(orders::OperatorCommand::Wish wish) {
    orders::OperatorCommand command("9f2c", std::move(wish), samples::at(3));
    command.by = "kim";
    command.reason = "the provider is \"back\"";
    return command;
}

std::string place_body() {
    return encode_place({"evt", samples::order_id(1), samples::fingerprint(1), samples::at(0), std::nullopt},
                        encode_draft(samples::draft()));
}

std::string code_of(std::string_view body) {
    const auto decoded = decode_operator_message(body);
    return decoded ? "decoded" : decoded.error().code();
}

TEST(OperatorMessage, GivenEveryKindOfCommand_WhenEncodedAndDecoded_ThenItIsTheSame) {
    orders::LetterFilter filter;
    filter.code = "payment.unavailable";
    filter.queue = "orders";
    filter.order = samples::order_id(4);
    for (const auto& command :
         {command_of(orders::ActOnLetters{orders::LetterAction::redrive, {{1, 2, 900}, {}}, 0}),
          command_of(orders::ActOnLetters{orders::LetterAction::discard, {{}, filter}, 0}),
          command_of(orders::ActOnLetters{orders::LetterAction::restore, {}, 50}),
          command_of(orders::StopCommand{"9f2c"}),
          command_of(orders::ChangeStock(samples::sku("mug"), orders::ChangeStock::Mode::set, 12)),
          command_of(orders::ChangeStock(samples::sku("mug"), orders::ChangeStock::Mode::add, -3)),
          command_of(orders::EraseCustomer(orders::EraseCustomer::By::email, "ada@example.org")),
          command_of(orders::EraseCustomer(orders::EraseCustomer::By::id, "c-1", "acme")),
          command_of(make_edit(7, place_body()).value())}) {
        const auto body = encode_operator_command(command, std::nullopt);
        EXPECT_TRUE(is_operator_message(body));
        EXPECT_EQ(decode_operator_message(body).value(), command) << body;
        EXPECT_TRUE(check_message(body)) << body;
    }
}

TEST(OperatorMessage, GivenNoReason_WhenEncodedAndDecoded_ThenItIsTheSame) {
    for (auto command : {command_of(orders::ActOnLetters{orders::LetterAction::discard, {{7}, {}}}),
                         command_of(make_edit(7, place_body()).value())}) {
        command.reason.clear();
        const auto decoded = decode_operator_message(encode_operator_command(command, std::nullopt));
        ASSERT_TRUE(decoded) << decoded.error().detail();
        EXPECT_EQ(*decoded, command);
    }
}

TEST(OperatorMessage, GivenOneText_ThenItsFormIsThatOfTheDocument) {
    const auto command = command_of(orders::ActOnLetters{orders::LetterAction::redrive, {{3, 4}, {}}, 0});

    EXPECT_EQ(encode_operator_command(command, "00-a-b-01"),
              R"({"specversion":"1.0","id":"9f2c","source":"orderflow/api","type":"orderflow.operator.letters.v1",)"
              R"("time":"2026-01-01T00:00:03.000Z","traceparent":"00-a-b-01",)"
              R"("data":{"by":"kim","reason":"the provider is \"back\"","action":"redrive","numbers":[3,4]}})");
}

TEST(OperatorMessage, GivenAnythingElse_ThenItIsMalformed) {
    const auto good = encode_operator_command(
        command_of(orders::ActOnLetters{orders::LetterAction::redrive, {{3}, {}}, 0}), std::nullopt);
    const auto with = [&](std::string_view from, std::string_view to) {
        auto text = good;
        return text.replace(text.find(from), from.size(), to);
    };
    EXPECT_EQ(code_of(""), "message.malformed");
    EXPECT_EQ(code_of(place_body()), "message.malformed");
    EXPECT_EQ(code_of(with("[3]", "[]")), "message.malformed");
    EXPECT_EQ(code_of(with("[3]", "[0]")), "message.malformed");
    EXPECT_EQ(code_of(with("[3]", "3")), "message.malformed");
    EXPECT_EQ(code_of(with("redrive", "explode")), "message.malformed");
    EXPECT_EQ(code_of(with("\"numbers\":[3]", "\"filter\":{\"state\":\"open\"}")), "message.malformed");
    EXPECT_EQ(code_of(with("\"numbers\":[3]", "\"more\":1")), "message.malformed");
    EXPECT_EQ(code_of(with("letters.v1", "letters.v2")), "message.unknown_type");
}

TEST(OperatorMessage, GivenAChangeOfStockThatIsNone_ThenItIsMalformed) {
    const auto good = encode_operator_command(
        command_of(orders::ChangeStock(samples::sku("mug"), orders::ChangeStock::Mode::add, 3)), std::nullopt);
    for (const char* other : {R"("more":3)", R"("add":3,"set":3)", R"("set":-1)", R"("add":1000000000001)"}) {
        auto text = good;
        text.replace(text.find(R"("add":3)"), 7, other);
        EXPECT_EQ(code_of(text), "message.malformed") << text;
    }
}

TEST(OperatorMessage, GivenAnErasureOfNobodyOrOfTwo_ThenItIsMalformed) {
    const auto good = encode_operator_command(
        command_of(orders::EraseCustomer(orders::EraseCustomer::By::email, "a@b.c")), std::nullopt);
    for (const char* other :
         {R"("more":3)", R"("email":"a@b.c","customer_id":"1")", R"("email":"")", R"("tenant":"acme")"}) {
        auto text = good;
        text.replace(text.find(R"("email":"a@b.c")"), 15, other);
        EXPECT_EQ(code_of(text), "message.malformed") << text;
    }
}

TEST(OperatorMessage, GivenAnEdit_ThenItsBodyHasToBeReadable) {
    auto broken = place_body();
    broken.replace(broken.find("1.0"), 3, "9.9");

    EXPECT_EQ(make_edit(1, place_body()).value().places, samples::order_id(1));
    EXPECT_EQ(make_edit(1, broken).error().code(), "message.malformed");
    EXPECT_EQ(code_of(encode_operator_command(command_of(orders::EditLetter(1, broken)), std::nullopt)),
              "message.malformed");
}

}  // namespace
}  // namespace orderflow::contract

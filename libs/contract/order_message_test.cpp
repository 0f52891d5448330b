#include "libs/contract/order_message.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/contract/draft_json.hpp"
#include "libs/contract/order_request.hpp"
#include "libs/json/parse.hpp"
#include "libs/testing/order_samples.hpp"
#include "libs/testing/seeded_entropy.hpp"

namespace orderflow::contract {
namespace {

namespace samples = orders::samples;

const orders::OrderId some_id = samples::order_id(7);

std::string place_message() {
    return encode_place({.message_id = "m-1",
                         .order = some_id,
                         .fingerprint = samples::fingerprint(9),
                         .accepted_at = samples::at(5),
                         .traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},
                        encode_draft(samples::draft()));
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

std::string code_of(std::string_view body) {
    const auto message = decode_message(body);
    return message ? "decoded" : message.error().code();
}

TEST(OrderMessage, GivenAPlaceMessage_ThenTheWorkerReadsWhatTheApiWrote) {
    const auto message = decode_message(place_message());

    ASSERT_TRUE(message);
    EXPECT_EQ(message->id, "m-1");
    EXPECT_EQ(message->traceparent, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    const auto& place = std::get<orders::PlaceOrder>(message->command);
    EXPECT_EQ(place.id, some_id);
    EXPECT_EQ(place.fingerprint, samples::fingerprint(9));
    EXPECT_EQ(place.accepted_at, samples::at(5));
    EXPECT_EQ(*place.draft, samples::draft());
}

// Programs of the release before, which know no amounts, write these bytes and read no others.
TEST(OrderMessage, GivenAnOrderWithoutAmounts_ThenItsMessageIsThatOfTheReleaseBefore) {
    const std::string before =
        R"({"specversion":"1.0","id":"m-1","source":"orderflow/api","type":"orderflow.order.place.v1",)"
        R"("subject":"ord_07000000000000000000000000","time":"2026-01-01T00:00:05.000Z",)"
        R"("traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",)"
        R"("data":{"fingerprint":"0900000000000000000000000000000000000000000000000000000000000000",)"
        R"("order":{"currency":"EUR","items":[{"sku":"mug","quantity":2}],)"
        R"("customer":{"name":"Ada Muster","email":"ada@example.org"},)"
        R"("shipping_address":{"name":"Ada Muster","line1":"Hauptstrasse 1","city":"Berlin",)"
        R"("postal_code":"10115","country":"DE"},"payment":{"mode":"token","token":"tok_ok"}}}})";

    EXPECT_EQ(place_message(), before);
    const auto message = decode_message(before);
    ASSERT_TRUE(message) << message.error().detail();
    const auto& draft = *std::get<orders::PlaceOrder>(message->command).draft;
    EXPECT_EQ(draft, samples::draft());
    EXPECT_EQ(draft.amounts, std::nullopt);
}

TEST(OrderMessage, GivenATenant_ThenItTravels_AndTheShopsOwnIsLeftOut) {
    const auto tenant_of = [](const std::string& body) {
        return std::get<orders::PlaceOrder>(decode_message(body).value().command).tenant_id;
    };
    const PlaceHead head{.message_id = "m",
                         .order = some_id,
                         .fingerprint = {},
                         .accepted_at = {},
                         .traceparent = std::nullopt,
                         .tenant = "acme"};

    EXPECT_EQ(tenant_of(encode_place(head, encode_draft(samples::draft()))), "acme");
    EXPECT_EQ(tenant_of(place_message()), orders::default_tenant);
    EXPECT_EQ(place_message().find("tenant"), std::string::npos) << "workers of the version before read it";
    EXPECT_EQ(code_of(replaced(encode_place(head, encode_draft(samples::draft())), "\"acme\"", "7")),
              "message.malformed");
}

TEST(OrderMessage, GivenACancelMessage_ThenTheWorkerReadsWhatTheApiWrote) {
    orders::CancelOrder command(some_id, "cmd-1", "customer", samples::at(6));
    command.expected_version = 4;

    const auto message = decode_message(encode_cancel(command, std::nullopt));

    ASSERT_TRUE(message);
    EXPECT_EQ(message->id, "cmd-1");
    EXPECT_EQ(message->traceparent, std::nullopt);
    const auto& cancel = std::get<orders::CancelOrder>(message->command);
    EXPECT_EQ(cancel.id, some_id);
    EXPECT_EQ(cancel.command_id, "cmd-1");
    EXPECT_EQ(cancel.reason, "customer");
    EXPECT_EQ(cancel.requested_at, samples::at(6));
    EXPECT_EQ(cancel.expected_version, 4);
    EXPECT_EQ(cancel.tenant_id, std::nullopt);
    EXPECT_EQ(encode_cancel(command, std::nullopt).find("tenant"), std::string::npos)
        << "as the version before reads it";
    command.tenant_id = "acme";
    const auto of_tenant = decode_message(encode_cancel(command, std::nullopt));
    EXPECT_EQ(std::get<orders::CancelOrder>(of_tenant.value().command).tenant_id, "acme");
}

TEST(OrderMessage, GivenTheForm_ThenItIsACloudEvent) {
    const auto event = json::parse(place_message(), {.bytes = message_bytes_max});

    ASSERT_TRUE(event);
    EXPECT_EQ(*event->find("specversion")->string(), "1.0");
    EXPECT_EQ(*event->find("source")->string(), "orderflow/api");
    EXPECT_EQ(*event->find("type")->string(), "orderflow.order.place.v1");
    EXPECT_EQ(*event->find("subject")->string(), some_id.to_string());
    EXPECT_EQ(*event->find("time")->string(), "2026-01-01T00:00:05.000Z");
}

TEST(OrderMessage, GivenSomethingElse_ThenItIsMalformed) {
    const auto good = place_message();

    EXPECT_EQ(code_of(""), "message.malformed");
    EXPECT_EQ(code_of("hello"), "message.malformed");
    EXPECT_EQ(code_of("[]"), "message.malformed");
    EXPECT_EQ(code_of("{}"), "message.malformed");
    EXPECT_EQ(code_of(good.substr(0, good.size() - 1)), "message.malformed");
    EXPECT_EQ(code_of(replaced(good, R"("specversion":"1.0")", R"("specversion":"0.3")")), "message.malformed");
    EXPECT_EQ(code_of(replaced(good, "orderflow/api", "somebody/else")), "message.malformed");
    EXPECT_EQ(code_of(replaced(good, "ord_", "odr_")), "message.malformed");
    EXPECT_EQ(code_of(replaced(good, "T00:00:05.000Z", " 00:00:05")), "message.malformed");
    EXPECT_EQ(code_of(replaced(good, R"("data":)", R"("more":1,"data":)")), "message.malformed");
    EXPECT_EQ(code_of(replaced(good, R"("order":)", R"("more":1,"order":)")), "message.malformed");
    EXPECT_EQ(code_of(replaced(good, R"("quantity":2)", R"("quantity":0)")), "message.malformed");
    EXPECT_EQ(code_of(replaced(good, R"("data":)", R"("id":"m-2","data":)")), "message.malformed");
    EXPECT_EQ(code_of(replaced(good, samples::fingerprint(9).to_hex(), "00")), "message.malformed");
    EXPECT_EQ(code_of(std::string(message_bytes_max + 1, ' ')), "message.malformed");
}

TEST(OrderMessage, GivenATypeOfTheFuture_ThenItIsUnknown) {
    EXPECT_EQ(code_of(replaced(place_message(), "place.v1", "place.v2")), "message.unknown_type");
}

TEST(OrderMessage, GivenADamagedMessage_ThenItsOrderIsStillFound) {
    EXPECT_EQ(subject_of(replaced(place_message(), R"("quantity":2)", R"("quantity":0)")), some_id);
    EXPECT_EQ(subject_of("{\"subject\":7}"), std::nullopt);
    EXPECT_EQ(subject_of("not json"), std::nullopt);
}

TEST(OrderMessage, GivenAnyChangedByte_ThenDecodingAnswers) {
    const auto good = place_message();
    SeededEntropy entropy(20260101);
    for (int i = 0; i < 3000; ++i) {
        auto damaged = good;
        damaged[entropy.below(damaged.size())] = static_cast<char>(entropy.below(256));
        const auto message = decode_message(damaged);
        if (!message) EXPECT_EQ(message.error().kind(), ErrorKind::invalid_input);
    }
}

// The largest message comes from the largest body: what is only white space or escapes there is shorter here.
TEST(OrderMessage, GivenTheLargestRequest_ThenItsMessageFitsTheQueue) {
    orders::OrderDraft draft = samples::draft();
    const std::string quotes(500, '"');  // two bytes each, in the request and in the message
    for (int i = 0; i < 50; ++i) draft.metadata.emplace_back("key" + std::to_string(100 + i), quotes);
    draft.notes = std::string(2000, '"');
    const auto canonical = encode_draft(draft);
    ASSERT_GT(canonical.size(), 54'000U);
    ASSERT_LT(canonical.size(), request_bytes_max);

    const auto body = encode_place(
        {.message_id = "m", .order = some_id, .fingerprint = {}, .accepted_at = {}, .traceparent = std::nullopt},
        canonical);

    EXPECT_LT(body.size(), request_bytes_max + 1024);
    EXPECT_LT(request_bytes_max + 1024, message_bytes_max);
    EXPECT_TRUE(decode_message(body));
}

TEST(OrderMessage, GivenNewsOfAPayment_WhenReadBack_ThenItIsTheSame_AndOfAnotherOrderItIsRefused) {
    const auto id = orders::OrderId::parse("ord_00000000000000000000000001").value();
    const auto other = orders::OrderId::parse("ord_00000000000000000000000002").value();
    const auto at = from_unix_ms(1'767'225'600'000);

    const auto message = decode_message(encode_news({id, orders::charge_effect(id)}, "msg_1", at, std::nullopt));
    const auto wrong = decode_message(encode_news({id, orders::charge_effect(other)}, "msg_1", at, std::nullopt));

    ASSERT_TRUE(message);
    EXPECT_EQ(message->id, "msg_1");
    EXPECT_EQ(std::get<orders::PaymentNews>(message->command).id, id);
    EXPECT_EQ(std::get<orders::PaymentNews>(message->command).effect, orders::charge_effect(id));
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().code(), "message.malformed");
}

}  // namespace
}  // namespace orderflow::contract

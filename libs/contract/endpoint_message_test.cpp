// Commands about webhook endpoints: from a request to the message and back.
#include "libs/contract/endpoint_message.hpp"

#include <gtest/gtest.h>

#include "libs/contract/endpoint_request.hpp"
#include "libs/contract/endpoint_resource.hpp"
#include "libs/contract/operator_message.hpp"
#include "libs/json/parse.hpp"
#include "libs/testing/order_samples.hpp"

namespace orderflow::contract {
namespace {

using orders::EndpointCommand;
using orders::EndpointWish;
using orders::EventType;
using orders::samples::at;
using orders::samples::order_id;

orders::OperatorCommand command_of(EndpointWish wish) {
    orders::OperatorCommand command("c1", EndpointCommand("wh_1", std::move(wish)), at(3));
    command.by = "kim";
    command.reason = "a reason";
    return command;
}

orders::CreateEndpoint creating() {
    orders::CreateEndpoint create;
    create.settings.url = "https://shop.example/hook";
    create.settings.mode = orders::ContentMode::structured;
    create.settings.events = {EventType::order_created, EventType::order_confirmed};
    create.settings.description = "the ERP";
    create.secret = "whsec_c2VjcmV0";
    return create;
}

TEST(EndpointMessage, GivenEveryKindOfCommand_WhenEncodedAndDecoded_ThenNothingIsLost) {
    orders::UpdateEndpoint update;
    update.enabled = false;
    update.events = std::vector<EventType>();
    orders::CreateEndpoint all = creating();
    all.settings.events = {};
    for (const EndpointWish& wish : std::vector<EndpointWish>{
             creating(), all, update, orders::RemoveEndpoint(), orders::RotateSecret{"whsec_b3RoZXI="},
             orders::TestEndpoint(), orders::ReplayEvent{order_id(3), 7}, orders::ReplayRange{at(1), at(9)}}) {
        const auto command = command_of(wish);
        const auto body = encode_operator_command(command, std::nullopt);
        ASSERT_TRUE(is_operator_message(body));
        const auto read = decode_operator_message(body);
        ASSERT_TRUE(read) << body << read.error().detail();
        EXPECT_EQ(read->wish, command.wish) << body;
        EXPECT_EQ(read->by, "kim");
    }
}

TEST(EndpointMessage, GivenMessagesThatAreNone_WhenDecoded_ThenTheyAreMalformed) {
    const auto message = [](const std::string& data) {
        return R"({"specversion":"1.0","id":"c1","source":"orderflow/api","type":"orderflow.operator.webhook.v1",)"
               R"("time":"2026-11-22T09:14:07.101Z","data":{"by":"kim",)" +
               data + "}}";
    };
    for (const auto* data :
         {R"("webhook":"wh_1")", R"("webhook":"wh_1","action":"paint")", R"("action":"test")",
          R"("webhook":"wh_1","action":"create","url":"https://x/","mode":"binary","events":["*"])",
          R"("webhook":"wh_1","action":"create","url":"https://x/","mode":"loud","events":["*"],"secret":"s")",
          R"("webhook":"wh_1","action":"create","url":"https://x/","mode":"binary","events":[],"secret":"s")",
          R"("webhook":"wh_1","action":"update","events":["order.eaten"])",
          R"("webhook":"wh_1","action":"update","enabled":1)", R"("webhook":"wh_1","action":"rotate-secret")",
          R"("webhook":"wh_1","action":"replay")", R"("webhook":"wh_1","action":"replay","event":"ord_1:1")",
          R"("webhook":"wh_1","action":"replay","since":"2026-11-22T09:14:07.101Z","until":"2026-11-22T09:14:07.101Z")",
          R"("webhook":"wh_1","action":"test","extra":1)"}) {
        const auto read = decode_operator_message(message(data));
        ASSERT_FALSE(read) << data;
        EXPECT_EQ(read.error().code(), "message.malformed") << data;
    }
}

template <class T>
std::vector<std::string> broken(std::expected<T, FieldErrors> (*read)(const json::Value&), std::string_view body) {
    const auto parsed = json::parse(body, {.bytes = 10'000, .depth = 8});
    std::vector<std::string> pointers;
    const auto result = read(*parsed);
    if (result) return pointers;
    for (const auto& error : result.error().reported()) pointers.push_back(error.pointer);
    return pointers;
}

TEST(EndpointRequest, GivenAMinimalBody_WhenRead_ThenTheRestIsTheUsual) {
    const auto body = json::parse(R"({"url":"https://shop.example/"})", {.bytes = 1000, .depth = 8});
    const auto request = read_create_endpoint(*body);
    ASSERT_TRUE(request);
    EXPECT_EQ(request->note.by, "operator");
    EXPECT_EQ(request->settings.mode, orders::ContentMode::binary);
    EXPECT_TRUE(request->settings.events.empty()) << "all";
}

TEST(EndpointRequest, GivenBrokenBodies_WhenRead_ThenEachBrokenRuleIsNamed) {
    using Pointers = std::vector<std::string>;
    EXPECT_EQ(broken(read_create_endpoint, "{}"), Pointers{"/url"});
    EXPECT_EQ(broken(read_create_endpoint, R"({"url":"u","mode":"x","events":"*","paint":1})").size(), 3U);
    EXPECT_EQ(broken(read_create_endpoint, R"({"url":"u","events":["*","order.created"]})"), Pointers{"/events"});
    EXPECT_EQ(broken(read_update_endpoint, R"({"enabled":"yes"})"), Pointers{"/enabled"});
    EXPECT_EQ(broken(read_replay, "{}"), (Pointers{"/since", "/until"}));
    EXPECT_EQ(broken(read_replay, R"({"event":"x"})"), Pointers{"/event"});
    EXPECT_EQ(broken(read_replay, R"({"since":"2026-11-22T09:14:07.101Z","until":"2026-11-22T09:14:06.000Z"})"),
              Pointers{"/until"});
}

TEST(EndpointResource, GivenAnEndpoint_WhenShown_ThenItsSecretIsNot) {
    orders::EventEndpoint endpoint("wh_1", creating().settings, at(1));
    endpoint.secrets = {{.text = "whsec_c2VjcmV0", .created_at = at(1), .valid_until = at(9)}};
    const auto text = encode_endpoint(endpoint, {orders::EventLane("live", orders::LaneKind::live)});
    EXPECT_EQ(text.find("whsec"), std::string::npos) << text;
    EXPECT_EQ(encode_endpoints({endpoint}).find("whsec"), std::string::npos);
    EXPECT_NE(encode_endpoint_accepted(command_of(creating()), "whsec_c2VjcmV0").find("whsec_c2VjcmV0"),
              std::string::npos);
}

}  // namespace
}  // namespace orderflow::contract

#include "libs/contract/instance_message.hpp"

#include <gtest/gtest.h>

#include "libs/contract/operator_message.hpp"
#include "libs/contract/order_message.hpp"
#include "libs/instances/instance_samples_test.hpp"

namespace orderflow::contract {
namespace {

namespace samples = instances::samples;

// An API has no queues, work or time to settle.
instances::InstanceRow row_of_an_api() {
    auto row = samples::full("1f3a9c", samples::at(10s));
    row.role = instances::Role::api;
    row.figures.settle = {};
    row.in_progress = 0;
    row.in_progress_max = 0;
    row.paused = false;
    row.queues.clear();
    return row;
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
    const auto at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    return text.replace(at, what.size(), with);
}

TEST(InstanceMessage, GivenARow_WhenEncodedAndDecoded_ThenItIsTheSame) {
    auto row = row_of_an_api();
    EXPECT_EQ(decode_instance_message(encode_instance_message(row)).value(), row);

    row.last = false;
    row.alarms.clear();
    row.figures = {};
    EXPECT_EQ(decode_instance_message(encode_instance_message(row)).value(), row);
}

TEST(InstanceMessage, GivenOtherMessages_ThenTheyAreNone) {
    EXPECT_FALSE(is_instance_message("{"));
    EXPECT_FALSE(is_instance_message(R"({"type":"orderflow.order.place.v1","subject":"orderflow.instance."})"));
    EXPECT_TRUE(is_instance_message(encode_instance_message(row_of_an_api())));
    EXPECT_FALSE(is_operator_message(encode_instance_message(row_of_an_api())));
}

TEST(InstanceMessage, GivenWhatHasNotItsForm_ThenRefused) {
    const auto good = encode_instance_message(row_of_an_api());
    for (const auto& [what, with] :
         std::vector<std::pair<std::string, std::string>>{{"\"counts\":{", "\"counts\":{\"unheard_of\":1,"},
                                                          {"\"accepted\":1", "\"accepted\":-1"},
                                                          {"\"accept\":[0", "\"accept\":[0,0"},
                                                          {"\"accept\":[0", "\"accept\":[\"0\""},
                                                          {"api-service", "queue-service"},
                                                          {"critical", "loud"},
                                                          {"\"last\":true", "\"last\":1"},
                                                          {"\"since\":\"", "\"since\":\"x"},
                                                          {"orderflow/api", "somebody"},
                                                          {"\"alarms\":[", "\"alarms\":[3,"},
                                                          {"\"instance\":\"1f3a9c\"", "\"instance\":\"\""}}) {
        const auto decoded = decode_instance_message(replaced(good, what, with));
        ASSERT_FALSE(decoded) << what << " -> " << with;
        EXPECT_EQ(decoded.error().code(), "message.malformed");
    }
    EXPECT_EQ(decode_instance_message("{").error().code(), "message.malformed");
    EXPECT_EQ(decode_instance_message(replaced(good, "row.v1", "row.v9")).error().code(), "message.unknown_type");
}

}  // namespace
}  // namespace orderflow::contract

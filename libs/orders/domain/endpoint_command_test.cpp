// Which secrets of an endpoint sign, and until when.
#include "libs/orders/domain/endpoint_command.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/testing/order_samples.hpp"

namespace orderflow::orders {
namespace {

using testing::ElementsAre;

EventEndpoint rotated(EventEndpoint endpoint, std::string secret, WallTime now) {
    EndpointLoaded loaded;
    loaded.endpoint = std::move(endpoint);
    const EndpointCommand command("wh_1", RotateSecret{std::move(secret)});
    return decide_endpoint(command, "cmd", loaded, now).put.value();
}

EventEndpoint with_secret(std::string secret) {
    const EndpointCommand command("wh_1",
                                  CreateEndpoint{.settings = {.url = "https://shop.example/"}, .secret = secret});
    return decide_endpoint(command, "cmd", EndpointLoaded(), samples::at(0)).put.value();
}

TEST(EndpointSecrets, GivenASecretThatIsReplaced_WhenSigned_ThenBothSignForSevenDaysAndTheNewOneFirst) {
    const auto now = samples::at(0);
    const auto endpoint = rotated(with_secret("first"), "second", now);
    EXPECT_THAT(valid_secrets(endpoint, now), ElementsAre("second", "first"));
    EXPECT_THAT(valid_secrets(endpoint, now + limits::old_secret_valid_for - 1ms), ElementsAre("second", "first"));
    EXPECT_THAT(valid_secrets(endpoint, now + limits::old_secret_valid_for), ElementsAre("second"));
}

TEST(EndpointSecrets, GivenASecretThatIsReplacedTwice_WhenSigned_ThenTheFirstSignsNoMore) {
    const auto now = samples::at(0);
    const auto endpoint = rotated(rotated(with_secret("first"), "second", now), "third", now);
    EXPECT_THAT(valid_secrets(endpoint, now), ElementsAre("third", "second"));
}

}  // namespace
}  // namespace orderflow::orders

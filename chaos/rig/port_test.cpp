#include "chaos/rig/port.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace orderflow::chaos {
namespace {

TEST(FreePort, GivenTheRangeOfClientPorts_WhenAPortIsChosen_ThenItLiesBelow) {
    std::ifstream range("/proc/sys/net/ipv4/ip_local_port_range");
    int first_of_clients = 0;
    range >> first_of_clients;

    const auto port = free_port();

    EXPECT_GE(port, 1024);
    EXPECT_LT(port, first_of_clients);
}

}  // namespace
}  // namespace orderflow::chaos

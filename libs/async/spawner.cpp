#include "libs/async/spawner.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <exception>

namespace orderflow {

void Spawner::operator()(task<void> work) const {
    boost::asio::post(loop_, [loop = loop_, held = std::move(work)]() mutable {
        boost::asio::co_spawn(loop, std::move(held), [](const std::exception_ptr& thrown) {
            if (thrown) std::rethrow_exception(thrown);
        });
    });
}

}  // namespace orderflow

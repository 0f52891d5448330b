#include "libs/net/http_client.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "libs/base/invariant.hpp"
#include "libs/net/http_response_reader.hpp"

namespace orderflow::net {

namespace asio = boost::asio;
using boost::system::error_code;

// The loop's own executor type: no type erasure on the way of a request.
using Socket = asio::basic_stream_socket<asio::ip::tcp, asio::io_context::executor_type>;

struct HttpClient::Impl {
    enum class Phase : std::uint8_t { idle, connecting, sent };

    Impl(asio::io_context& l, const ListenAddress& server, Listener& who, HttpClient& face, std::size_t bytes_max)
        : loop(l),
          endpoint(asio::ip::make_address(server.host), server.port),
          listener(who),
          client(face),
          reader(bytes_max),
          socket(l) {}

    void connect();
    void connected(const error_code& failure);
    void write();
    void read();
    void was_read(const error_code& failure, std::size_t count);
    void judge(HttpResponseReader::State state);
    void finish(const HttpAnswer& answer);
    void fail(HttpFailure failure);
    template <class Call>
    void tell(Call call);
    void begin_if_wanted();
    void drop();

    // What a handler may still belong to: a connection that was dropped has another number.
    template <class Handler>
    auto of_this_connection(Handler handler) {
        return [this, number = connection, handler](const error_code& failure, std::size_t count = 0) {
            if (number == connection) handler(*this, failure, count);
        };
    }

    asio::io_context& loop;
    asio::ip::tcp::endpoint endpoint;
    Listener& listener;
    HttpClient& client;
    HttpResponseReader reader;
    std::string request;
    Phase phase = Phase::idle;
    Instant deadline = Instant::max();
    bool wanted = false;         // a request that has not begun
    bool telling = false;        // inside the listener
    bool any_byte_left = false;  // of the request
    bool writing = false;        // the rest of a request that did not fit into the socket's buffer
    bool keep_alive = true;      // of the answer that is being told
    std::uint64_t connection = 0;
    Socket socket;
};

void HttpClient::Impl::connect() {
    phase = Phase::connecting;
    socket.async_connect(endpoint, of_this_connection([](Impl& self, const error_code& failure, std::size_t) {
                             self.connected(failure);
                         }));
}

void HttpClient::Impl::connected(const error_code& failure) {
    if (failure) {
        drop();
        return fail(HttpFailure::not_sent);
    }
    error_code ignored;
    socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    socket.non_blocking(true, ignored);
    read();
    write();
}

// A request nearly always fits into the socket's buffer: it leaves without an operation of the loop.
void HttpClient::Impl::write() {
    phase = Phase::sent;
    error_code failure;
    const auto count = socket.write_some(asio::buffer(request), failure);
    any_byte_left = count > 0;
    if (count == request.size()) return;
    if (failure && failure != asio::error::would_block) {
        // Reported in a later turn: the owner is inside send().
        const auto broken = [](Impl& self, const error_code&, std::size_t) {
            self.drop();
            self.fail(self.any_byte_left ? HttpFailure::broken : HttpFailure::not_sent);
        };
        asio::post(loop, [handler = of_this_connection(broken)] { handler(error_code()); });
        return;
    }
    writing = any_byte_left = true;
    asio::async_write(socket, asio::buffer(request) + count,
                      of_this_connection([](Impl& self, const error_code& broken, std::size_t) {
                          self.writing = false;
                          if (!broken) return;  // the answer follows
                          self.drop();
                          self.fail(HttpFailure::broken);
                      }));
}

// Always outstanding while connected, so that a server that closes an idle connection is noticed before the next
// request.
void HttpClient::Impl::read() {
    const auto space = reader.space();
    socket.async_read_some(asio::buffer(space.data(), space.size()),
                           of_this_connection([](Impl& self, const error_code& failure, std::size_t count) {
                               self.was_read(failure, count);
                           }));
}

void HttpClient::Impl::was_read(const error_code& failure, std::size_t count) {
    if (failure) {
        drop();
        if (phase == Phase::sent) fail(any_byte_left ? HttpFailure::broken : HttpFailure::not_sent);
        return;
    }
    const auto state = reader.received(count);
    if (phase != Phase::sent) return drop();  // nobody asked
    judge(state);
}

void HttpClient::Impl::judge(HttpResponseReader::State state) {
    using State = HttpResponseReader::State;
    switch (state) {
        case State::incomplete: return read();
        case State::complete: return finish({reader.status(), reader.body()});
        case State::malformed:
        case State::unsupported:
        case State::too_large: drop(); return fail(HttpFailure::unreadable);
    }
}

void HttpClient::Impl::finish(const HttpAnswer& answer) {
    const auto number = connection;
    tell([&] { listener.answered(client, answer); });
    if (number == connection) {
        // Bytes behind an answer that nobody asked for, or an answer to half a request: what follows is not to be
        // trusted.
        const bool out_of_step = writing || reader.next() != HttpResponseReader::State::incomplete;
        if (!keep_alive || out_of_step || reader.has_begun()) {
            drop();
        } else {
            read();
        }
    }
    begin_if_wanted();
}

void HttpClient::Impl::fail(HttpFailure failure) {
    tell([&] { listener.failed(client, failure); });
    begin_if_wanted();
}

// What the listener sends begins only after it returned: the body that it looks at lies in the reader.
template <class Call>
void HttpClient::Impl::tell(Call call) {
    keep_alive = reader.keep_alive();
    phase = Phase::idle;
    deadline = Instant::max();
    telling = true;
    call();
    telling = false;
}

void HttpClient::Impl::begin_if_wanted() {
    if (!std::exchange(wanted, false)) return;
    if (socket.is_open()) return write();
    connect();
}

void HttpClient::Impl::drop() {
    ++connection;
    error_code ignored;
    socket.close(ignored);
    reader.reset();
    writing = false;
}

HttpClient::HttpClient(asio::io_context& loop, const ListenAddress& server, Listener& listener,
                       std::size_t answer_bytes_max)
    : impl_(std::make_unique<Impl>(loop, server, listener, *this, answer_bytes_max)) {}

HttpClient::~HttpClient() = default;

bool HttpClient::is_busy() const noexcept { return impl_->phase != Impl::Phase::idle || impl_->wanted; }

std::string& HttpClient::request() noexcept { return impl_->request; }

void HttpClient::send(Instant deadline) {
    ORDERFLOW_INVARIANT(!is_busy());
    impl_->deadline = deadline;
    impl_->wanted = true;
    if (!impl_->telling) impl_->begin_if_wanted();
}

void HttpClient::expire_if_due(Instant now) {
    if (impl_->phase == Impl::Phase::idle || now < impl_->deadline) return;
    const bool sent = impl_->phase == Impl::Phase::sent && impl_->any_byte_left;
    impl_->drop();
    impl_->fail(sent ? HttpFailure::late : HttpFailure::not_sent);
}

void HttpClient::close() {
    impl_->drop();
    impl_->phase = Impl::Phase::idle;
    impl_->wanted = false;
}

}  // namespace orderflow::net

// The traffic of udp-bridge and udp-tunnel in ns-3. Hosts with the Internet stack, each on a CSMA link of its own to a
// bridge, 1 Gbit/s and 1 us; every host sends 64 B of UDP every 20 us to four partners in turn. As a tunnel: two
// bridges, the frames between them in UDP over a point-to-point link of 10 Gbit/s, as near as ns-3 comes to VXLAN.
// ns3-udp bridge|tunnel DATAGRAMS; prints CPU time a delivered datagram.

#include <ns3/bridge-helper.h>
#include <ns3/core-module.h>
#include <ns3/csma-module.h>
#include <ns3/internet-module.h>
#include <ns3/network-module.h>
#include <ns3/point-to-point-module.h>
#include <ns3/virtual-net-device-module.h>

#include <sys/resource.h>

#include <cstdio>
#include <set>
#include <string>
#include <vector>

using namespace ns3;

namespace {

constexpr uint16_t kPort = 9;
constexpr uint16_t kTunnelPort = 4789;
constexpr uint32_t kTunnelHeaderBytes = 8;
constexpr uint32_t kPayloadBytes = 64;
constexpr int64_t kIntervalNs = 20000;
uint64_t delivered = 0;

double cpuMicroseconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

void take(Ptr<Socket> socket) {
  Address from;
  while (socket->RecvFrom(from)) delivered++;
}

struct Sender {
  Ptr<Socket> socket;
  std::vector<InetSocketAddress> partners;
  size_t next = 0;

  void send() {
    socket->SendTo(Create<Packet>(kPayloadBytes), 0, partners[next]);
    next = next + 1 == partners.size() ? 0 : next + 1;
    Simulator::Schedule(NanoSeconds(kIntervalNs), &Sender::send, this);
  }
};

/// One end of the tunnel: a port of a bridge whose frames travel in UDP.
struct TunnelEnd {
  Ptr<VirtualNetDevice> device;
  Ptr<Socket> socket;
  InetSocketAddress other{Ipv4Address::GetAny(), kTunnelPort};

  bool send(Ptr<Packet> packet, const Address& source, const Address& target, uint16_t protocol) {
    EthernetHeader header(false);
    header.SetSource(Mac48Address::ConvertFrom(source));
    header.SetDestination(Mac48Address::ConvertFrom(target));
    header.SetLengthType(protocol);
    packet->AddHeader(header);
    Ptr<Packet> outer = Create<Packet>(kTunnelHeaderBytes);
    outer->AddAtEnd(packet);
    return socket->SendTo(outer, 0, other) >= 0;
  }

  void receive(Ptr<Socket>) {
    Address from;
    while (Ptr<Packet> packet = socket->RecvFrom(from)) {
      packet->RemoveAtStart(kTunnelHeaderBytes);
      EthernetHeader header(false);
      packet->RemoveHeader(header);
      device->Receive(packet, header.GetLengthType(), header.GetSource(), header.GetDestination(),
                      NetDevice::PACKET_OTHERHOST);
    }
  }
};

/// A bridge with `hosts` hosts on it; gives the hosts' devices.
NetDeviceContainer bridge(const NodeContainer& hosts, Ptr<Node> middle, Ptr<NetDevice> oneMore) {
  CsmaHelper csma;
  csma.SetChannelAttribute("DataRate", StringValue("1Gbps"));
  csma.SetChannelAttribute("Delay", StringValue("1us"));
  NetDeviceContainer ends;
  NetDeviceContainer ports;
  for (uint32_t host = 0; host < hosts.GetN(); host++) {
    NetDeviceContainer link = csma.Install(NodeContainer(hosts.Get(host), middle));
    ends.Add(link.Get(0));
    ports.Add(link.Get(1));
  }
  if (oneMore) ports.Add(oneMore);
  BridgeHelper().Install(middle, ports);
  return ends;
}

NetDeviceContainer tunnel(const NodeContainer& nodes, std::vector<TunnelEnd>& tunnelEnds) {
  NodeContainer middles(2);
  InternetStackHelper stack;
  stack.SetIpv6StackInstall(false);
  stack.Install(middles);
  PointToPointHelper line;
  line.SetDeviceAttribute("DataRate", StringValue("10Gbps"));
  line.SetChannelAttribute("Delay", StringValue("200us"));
  Ipv4AddressHelper addresses("192.168.65.0", "255.255.255.0");
  Ipv4InterfaceContainer outer = addresses.Assign(line.Install(middles));
  NetDeviceContainer ends;
  for (uint32_t side = 0; side < 2; side++) {
    TunnelEnd& end = tunnelEnds[side];
    Ptr<Node> middle = middles.Get(side);
    end.device = CreateObject<VirtualNetDevice>();
    end.device->SetAddress(Mac48Address::Allocate());
    end.device->SetMtu(1450);
    end.device->SetSupportsSendFrom(true);
    end.device->SetSendCallback(MakeCallback(&TunnelEnd::send, &end));
    middle->AddDevice(end.device);
    end.socket = Socket::CreateSocket(middle, UdpSocketFactory::GetTypeId());
    end.socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), kTunnelPort));
    end.socket->SetRecvCallback(MakeCallback(&TunnelEnd::receive, &end));
    end.other = InetSocketAddress(outer.GetAddress(1 - side), kTunnelPort);
    NodeContainer hosts;
    for (uint32_t host = 0; host < nodes.GetN() / 2; host++) hosts.Add(nodes.Get(side * nodes.GetN() / 2 + host));
    ends.Add(bridge(hosts, middle, end.device));
  }
  return ends;
}

}  // namespace

int main(int argc, char** argv) {
  const bool tunnelled = argc > 1 && std::string(argv[1]) == "tunnel";
  const uint64_t datagrams = argc > 2 ? std::stoull(argv[2]) : 200000;
  const uint32_t hosts = tunnelled ? 8 : 16;
  NodeContainer nodes(hosts);
  std::vector<TunnelEnd> tunnelEnds(2);
  NetDeviceContainer ends =
      tunnelled ? tunnel(nodes, tunnelEnds) : bridge(nodes, CreateObject<Node>(), nullptr);
  InternetStackHelper stack;
  stack.SetIpv6StackInstall(false);
  stack.Install(nodes);
  Ipv4AddressHelper addresses("10.0.0.0", "255.255.255.0");
  Ipv4InterfaceContainer interfaces = addresses.Assign(ends);

  Ptr<UniformRandomVariable> random = CreateObject<UniformRandomVariable>();
  std::vector<Sender> senders(hosts);
  for (uint32_t host = 0; host < hosts; host++) {
    Sender& sender = senders[host];
    sender.socket = Socket::CreateSocket(nodes.Get(host), UdpSocketFactory::GetTypeId());
    sender.socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), kPort));
    sender.socket->SetRecvCallback(MakeCallback(&take));
    std::set<uint32_t> partners;
    while (partners.size() < 4) {
      const uint32_t other = random->GetInteger(0, hosts - 1);
      // Through the tunnel all partners are on the other side.
      if (tunnelled ? other / 4 != host / 4 : other != host) partners.insert(other);
    }
    for (uint32_t other : partners) sender.partners.emplace_back(interfaces.GetAddress(other), kPort);
    Simulator::Schedule(NanoSeconds(1000000 + kIntervalNs * host / hosts), &Sender::send, &sender);
  }

  // Addresses and ports are learned before anything is measured.
  Simulator::Stop(MilliSeconds(200));
  Simulator::Run();
  delivered = 0;
  const double before = cpuMicroseconds();
  Simulator::Stop(NanoSeconds(kIntervalNs * datagrams / hosts));
  Simulator::Run();
  const double used = cpuMicroseconds() - before;
  if (delivered < datagrams * 99 / 100) {
    std::fprintf(stderr, "only %lu of %lu arrived\n", delivered, datagrams);
    return 1;
  }
  std::printf("{\"cpuUsPerPacket\":%.4f,\"delivered\":%lu}\n", used / delivered, delivered);
  Simulator::Destroy();
  return 0;
}

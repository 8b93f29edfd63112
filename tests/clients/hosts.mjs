// Every name below localhost is this machine (RFC 6761), as browsers know and few systems do.
import dns from 'node:dns';

const real = dns.lookup;
dns.lookup = (name, ...rest) => real(name.endsWith('.localhost') ? '127.0.0.1' : name, ...rest);

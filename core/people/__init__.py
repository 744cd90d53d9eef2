"""People, their stations and sign-ins, and the company that they work for."""
